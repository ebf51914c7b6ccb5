using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire;
using AIHigress.Wire.Gemini;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Gemini;

public sealed class GeminiAnswerTests
{
    private static readonly AnswerContext Context = new() { Request = new ModelRequest { Model = "asked" }, Seed = "0123456789abcdef0123456789abcdef", Provider = "p1" };

    private static readonly ModelAnswer Answer = new()
    {
        Id = "chatcmpl-1",
        Model = "up",
        Choices =
        [
            new AnswerChoice(
                0,
                [
                    new ReasoningPart("th\nink") { Seal = new Seal(WireProtocol.Messages, "sig") { Provider = "p1" } },
                    new TextPart("Hé \"x\""),
                    new ToolCallPart("toolu_1", "f", "{\"a\":\r\n [1]}") { Seal = new Seal(WireProtocol.Gemini, "own") },
                    new ToolCallPart("toolu_2", "g", "{\"cut"),
                    new ToolCallPart("toolu_3", "c", "free\ntext") { IsCustom = true },
                ],
                FinishReason.ToolCalls),
        ],
        Usage = new TokenUsage(5, 3, 2, 7, 4),
    };

    [Fact]
    public void WriteAnswer_AllKinds_IsAsGoogleWouldWriteIt()
    {
        using var json = JsonDocument.Parse(Write());
        var parts = json.RootElement.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts");

        Assert.Equal("""{"text":"th\nink","thought":true}""", parts[0].GetRawText());
        Assert.Equal(new Seal(WireProtocol.Messages, "sig") { Provider = "p1" }, Seal.From(WireProtocol.Gemini, parts[1].GetProperty("thoughtSignature").GetString()!));
        Assert.Equal("""{"text":"Hé \"x\""}""", parts[2].GetRawText());
        Assert.Equal("""{"functionCall":{"id":"toolu_1","name":"f","args":{"a": [1]}},"thoughtSignature":"own"}""", parts[3].GetRawText());
        Assert.Equal("""{"arguments":"{\"cut"}""", parts[4].GetProperty("functionCall").GetProperty("args").GetRawText());
        Assert.Equal("""{"input":"free\ntext"}""", parts[5].GetProperty("functionCall").GetProperty("args").GetRawText());
        Assert.Equal(
            """{"promptTokenCount":10,"candidatesTokenCount":7,"totalTokenCount":21,"cachedContentTokenCount":3,"thoughtsTokenCount":4}""",
            json.RootElement.GetProperty("usageMetadata").GetRawText());
        Assert.Equal("up", json.RootElement.GetProperty("modelVersion").GetString());
        Assert.Equal(Context.Seed, json.RootElement.GetProperty("responseId").GetString());
        Assert.Equal("STOP", json.RootElement.GetProperty("candidates")[0].GetProperty("finishReason").GetString());
    }

    [Fact]
    public void Stream_Folded_IsTheWholeAnswer()
    {
        var whole = GeminiCodec.Instance.ReadAnswer(Write()).Answer!;
        var fold = new AnswerFold();
        Decode(Stream(GeminiCodec.Instance.NewEncoder(Context)), fold);

        Assert.Equal(Show(whole), Show(fold.ToAnswer()));
        Assert.Equal(FinishReason.ToolCalls, whole.Choices[0].Finish);
        Assert.Equal(new TokenUsage(7, 3, 0, 7, 4), whole.Usage);
    }

    [Fact]
    public void ArrayStream_IsOneJsonArrayOfTheSameChunks()
    {
        var encoder = GeminiCodec.Instance.NewArrayEncoder(Context);
        var array = Encoding.UTF8.GetString(Stream(encoder));
        var events = Encoding.UTF8.GetString(Stream(GeminiCodec.Instance.NewEncoder(Context)));

        Assert.Equal("application/json", encoder.ContentType);
        Assert.Equal(array, "[" + events[..^2].Replace("\n\ndata: ", ",\n", StringComparison.Ordinal)["data: ".Length..] + "]");
        using var json = JsonDocument.Parse(array);
        Assert.Equal(7, json.RootElement.GetArrayLength());
    }

    [Fact]
    public void ArrayStream_WithoutAnythingOrWithAnError_IsClosed()
    {
        var empty = GeminiCodec.Instance.NewArrayEncoder(Context);
        empty.Ping();
        empty.WriteEnd();
        empty.WriteEnd();
        var failed = GeminiCodec.Instance.NewArrayEncoder(Context);
        AnswerReplay.Into(Answer, failed);
        failed.Ping();
        failed.WriteError(new ClientError(429, "rate_limit_exceeded", "Slow down."));
        failed.WriteEnd();

        using var emptyJson = JsonDocument.Parse(Bytes(empty));
        using var failedJson = JsonDocument.Parse(Bytes(failed));
        Assert.Equal("STOP", emptyJson.RootElement[0].GetProperty("candidates")[0].GetProperty("finishReason").GetString());
        var error = failedJson.RootElement[failedJson.RootElement.GetArrayLength() - 1].GetProperty("error");
        Assert.Equal("RESOURCE_EXHAUSTED", error.GetProperty("status").GetString());
        Assert.DoesNotContain("finishReason", failedJson.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stream_Ping_IsNoComment()
    {
        var encoder = GeminiCodec.Instance.NewEncoder(Context);
        encoder.Ping();

        // Google's clients fail at comments.
        Assert.Equal("\n\n", Encoding.UTF8.GetString(Bytes(encoder)));
    }

    [Fact]
    public void Stream_Error_EndsWithoutAFinish()
    {
        var encoder = GeminiCodec.Instance.NewEncoder(Context);
        encoder.Start(new AnswerStart("", "", 0));
        encoder.PartStart(new PartStart(0, 0, AnswerPartKind.Text));
        encoder.Delta(0, "a"u8);
        encoder.WriteError(new ClientError(502, "upstream_failed", "Gone.") { RequestId = "r" });
        encoder.WriteEnd();
        var text = Encoding.UTF8.GetString(Bytes(encoder));

        Assert.EndsWith(
            """
            data: {"error":{"code":502,"message":"Gone.","status":"UNAVAILABLE","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"upstream_failed","metadata":{"request_id":"r"}}]}}


            """.ReplaceLineEndings("\n"),
            text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("finishReason", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Stream_EachDelta_IsWrittenInItsCall()
    {
        var encoder = GeminiCodec.Instance.NewEncoder(Context);
        var output = (ArrayBufferWriter<byte>)encoder.Output;
        encoder.Start(new AnswerStart("", "", 0));
        encoder.PartStart(new PartStart(0, 0, AnswerPartKind.Text));
        encoder.PartStart(new PartStart(1, 0, AnswerPartKind.ToolCall) { Name = "f" });
        encoder.Delta(0, "eins"u8);
        Assert.Contains("eins", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        encoder.Delta(1, "{\"k\":"u8);
        encoder.Delta(1, "1}"u8);
        encoder.Delta(0, "zwei"u8);
        Assert.Contains("zwei", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        Assert.DoesNotContain("functionCall", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        encoder.PartEnd(1);

        Assert.Contains("{\"functionCall\":{\"id\":\"call_" + Context.Seed + "1\",\"name\":\"f\",\"args\":{\"k\":1}}}", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void Stream_FinishThenUsage_StandInTheLastChunkOnly()
    {
        var chunks = Encoding.UTF8.GetString(Stream(GeminiCodec.Instance.NewEncoder(Context))).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("\"finishReason\":\"STOP\"", chunks[^1], StringComparison.Ordinal);
        Assert.Contains("\"usageMetadata\"", chunks[^1], StringComparison.Ordinal);
        Assert.All(chunks[..^1], c => Assert.DoesNotContain("usageMetadata", c, StringComparison.Ordinal));
        Assert.All(chunks[..^1], c => Assert.DoesNotContain("finishReason", c, StringComparison.Ordinal));
        Assert.All(chunks, c => Assert.Contains($"\"responseId\":\"{Context.Seed}\"", c, StringComparison.Ordinal));
    }

    [Fact]
    public void Stream_EncryptedThoughtsOfOthers_ComeBackAsThem()
    {
        var redacted = new ReasoningPart("") { IsRedacted = true, Seal = new Seal(WireProtocol.Messages, "enc") { Provider = "p1" } };
        var encoder = GeminiCodec.Instance.NewEncoder(Context);
        AnswerReplay.Into(Answer with { Choices = [new AnswerChoice(0, [redacted, new TextPart("x")], FinishReason.Stop)] }, encoder);
        encoder.WriteEnd();
        using var chunk = JsonDocument.Parse(Encoding.UTF8.GetString(Bytes(encoder)).Split("\n\n")[0]["data: ".Length..]);
        var content = chunk.RootElement.GetProperty("candidates")[0].GetProperty("content").GetRawText();

        var request = GeminiCodec.Instance.ReadRequest(Encoding.UTF8.GetBytes($$"""{"contents":[{{content}}]}"""));

        Assert.Equal(redacted, request.Messages[0].Parts[0]);
    }

    [Theory]
    [InlineData("STOP", FinishReason.Stop, "STOP")]
    [InlineData("MAX_TOKENS", FinishReason.Length, "MAX_TOKENS")]
    [InlineData("SAFETY", FinishReason.ContentFilter, "SAFETY")]
    [InlineData("RECITATION", FinishReason.ContentFilter, "SAFETY")]
    [InlineData("LANGUAGE", FinishReason.ContentFilter, "SAFETY")]
    [InlineData("BLOCKLIST", FinishReason.ContentFilter, "SAFETY")]
    [InlineData("PROHIBITED_CONTENT", FinishReason.ContentFilter, "SAFETY")]
    [InlineData("SPII", FinishReason.ContentFilter, "SAFETY")]
    [InlineData("IMAGE_SAFETY", FinishReason.ContentFilter, "SAFETY")]
    [InlineData("OTHER", FinishReason.ContentFilter, "SAFETY")]
    [InlineData("NEVER_HEARD", FinishReason.Stop, "STOP")]
    public void Finish_EachOfGoogles_MapsBothWays(string word, FinishReason reason, string written)
    {
        var answer = GeminiCodec.Instance.ReadAnswer(Encoding.UTF8.GetBytes($$"""{"candidates":[{"finishReason":"{{word}}"}]}""")).Answer!;
        var output = new ArrayBufferWriter<byte>();
        GeminiCodec.Instance.WriteAnswer(answer, Context, output);

        Assert.Equal(reason, answer.Choices[0].Finish);
        Assert.Contains($"\"finishReason\":\"{written}\"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"usageMetadata":{"promptTokenCount":1}}""")]
    public void ReadAnswer_OtherBodies_AreMalformed(string body) => Assert.True(GeminiCodec.Instance.ReadAnswer(Encoding.UTF8.GetBytes(body)).IsMalformed);

    [Fact]
    public void ReadError_GooglesDetails_AreRead()
    {
        var error = GeminiCodec.Instance.ReadError(
            """{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT","details":[{"@type":"x","reason":"API_KEY_INVALID"},{"fieldViolations":[{"field":"contents"}]}]}}"""u8);

        Assert.Equal(new AnswerError(400, "m") { Type = "INVALID_ARGUMENT", Code = "API_KEY_INVALID", Param = "contents" }, error);
        Assert.Null(GeminiCodec.Instance.ReadError("""{"message":"m"}"""u8));
        Assert.Null(GeminiCodec.Instance.ReadError("<html>"u8));
    }

    private static byte[] Write()
    {
        var output = new ArrayBufferWriter<byte>();
        GeminiCodec.Instance.WriteAnswer(Answer, Context, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Stream(StreamEncoder encoder)
    {
        AnswerReplay.Into(Answer, encoder);
        encoder.WriteEnd();
        return Bytes(encoder);
    }

    private static byte[] Bytes(StreamEncoder encoder) => ((ArrayBufferWriter<byte>)encoder.Output).WrittenSpan.ToArray();

    private static void Decode(byte[] stream, IAnswerSink sink)
    {
        using var reader = new SseReader();
        stream.CopyTo(reader.GetMemory(stream.Length));
        reader.Advance(stream.Length);
        reader.Complete();
        var decoder = GeminiCodec.Instance.NewDecoder();
        while (reader.TryRead(out var ev))
        {
            Assert.Equal(DecodeStep.Continue, decoder.Read(ev, sink));
        }

        Assert.True(decoder.IsWhole);
        decoder.Complete(sink);
    }

    private static string Show(ModelAnswer answer) =>
        $"{answer.Id} {answer.Model} {answer.Usage} " + string.Join(", ", answer.Choices.SelectMany(c => c.Parts.Select(p => $"{c.Index} {p}").Append($"{c.Finish}")));
}
