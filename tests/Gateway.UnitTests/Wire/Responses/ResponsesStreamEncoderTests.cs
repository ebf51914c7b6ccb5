using System.Text.Json;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Responses;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Responses;

public sealed class ResponsesStreamEncoderTests
{
    private static readonly AnswerStart Start = new("chatcmpl-1", "gpt-x", 1_700_000_001);

    [Fact]
    public void Write_TextThenCall_HasTheDocumentedOrder()
    {
        var stream = Wiretap.Encode(Wiretap.Context(), TextThenCall);

        Assert.Equal(
            [
                "created", "in_progress",
                "output_item.added", "content_part.added", "output_text.delta", "output_text.delta", "output_text.done", "content_part.done", "output_item.done",
                "output_item.added", "function_call_arguments.delta", "function_call_arguments.delta", "function_call_arguments.done", "output_item.done",
                "completed",
            ],
            Wiretap.Types(stream));
        var events = Wiretap.Events(stream);
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        Assert.All(stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Zip(events), p => Assert.StartsWith($"event: {p.Second.GetProperty("type").GetString()}\ndata: ", p.First, StringComparison.Ordinal));
        var response = events[^1].GetProperty("response");
        Assert.Equal($"resp_{Wiretap.Seed}", response.GetProperty("id").GetString());
        Assert.Equal("call_9", response.GetProperty("output")[1].GetProperty("call_id").GetString());
        Assert.Equal("{\"q\":1}", response.GetProperty("output")[1].GetProperty("arguments").GetString());
        Assert.Equal("Hi \"you\"", response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("""{"input_tokens":6,"input_tokens_details":{"cached_tokens":2,"cache_write_tokens":3},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":5},"total_tokens":15}""", response.GetProperty("usage").GetRawText());
    }

    [Fact]
    public void Write_Items_KeepOneIdFromTheirStartToTheEnd()
    {
        var events = Wiretap.Events(Wiretap.Encode(Wiretap.Context(), TextThenCall));

        var output = events[^1].GetProperty("response").GetProperty("output").EnumerateArray().Select(i => i.GetProperty("id").GetString()).ToList();
        Assert.Equal(output, events.Where(e => Type(e) == "response.output_item.added").Select(e => e.GetProperty("item").GetProperty("id").GetString()));
        Assert.All(events.Where(e => e.TryGetProperty("item_id", out _)), e => Assert.Equal(output[e.GetProperty("output_index").GetInt32()], e.GetProperty("item_id").GetString()));
        Assert.StartsWith("msg_", output[0], StringComparison.Ordinal);
        Assert.StartsWith("fc_", output[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_InterleavedCalls_AreOpenSideBySide()
    {
        var stream = Wiretap.Encode(Wiretap.Context(), e =>
        {
            e.Start(Start);
            e.PartStart(new PartStart(0, 0, AnswerPartKind.ToolCall) { Id = "a", Name = "one" });
            e.PartStart(new PartStart(1, 0, AnswerPartKind.ToolCall) { Id = "b", Name = "two" });
            e.Delta(1, "{}"u8);
            e.Delta(0, "[]"u8);
            e.PartEnd(1);
            e.PartEnd(0);
            e.WriteEnd();
        });

        var deltas = Wiretap.Events(stream).Where(e => Type(e).EndsWith("arguments.delta", StringComparison.Ordinal));
        Assert.Equal([(1, "{}"), (0, "[]")], deltas.Select(e => (e.GetProperty("output_index").GetInt32(), e.GetProperty("delta").GetString()!)));
        Assert.Equal(["a", "b"], Wiretap.Events(stream)[^1].GetProperty("response").GetProperty("output").EnumerateArray().Select(i => i.GetProperty("call_id").GetString()));
    }

    [Fact]
    public void Delta_OfAnyPart_IsWrittenInTheSameCall()
    {
        var encoder = ResponsesCodec.Instance.NewEncoder(Wiretap.Context(new CustomTool("patch")));
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        encoder.Output = output;
        encoder.Start(Start);
        encoder.PartStart(new PartStart(0, 0, AnswerPartKind.Reasoning));
        encoder.PartStart(new PartStart(1, 0, AnswerPartKind.Text));
        encoder.PartStart(new PartStart(2, 0, AnswerPartKind.ToolCall) { Name = "patch" });
        encoder.Delta(2, "{\"input\": \""u8);
        foreach (var (part, piece) in new[] { (0, "think"), (1, "speak"), (2, "write") })
        {
            var before = output.WrittenCount;
            encoder.Delta(part, Wiretap.Bytes(piece));
            Assert.Contains($"\"delta\":\"{piece}\"", System.Text.Encoding.UTF8.GetString(output.WrittenSpan[before..]), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"input":"*** Begin\n\"q\" \u00e9 \ud83d\ude80 \\d"}""", "*** Begin\n\"q\" é 🚀 \\d")]
    [InlineData(""" { "input" : "x" , "more": 1 } """, "x")]
    [InlineData("""{"other":1,"input":"x"}""", "x")]
    [InlineData("""{"patch":"x"}""", """{"patch":"x"}""")]
    [InlineData("plain", "plain")]
    [InlineData("""{"input":""}""", "")]
    public void Write_WrappedCustomCall_IsUnwrappedHoweverItIsCut(string arguments, string expected)
    {
        for (var size = 1; size <= arguments.Length; size++)
        {
            var stream = Wiretap.Encode(Wiretap.Context(new CustomTool("patch")), e =>
            {
                e.Start(Start);
                e.PartStart(new PartStart(0, 0, AnswerPartKind.ToolCall) { Id = "c", Name = "patch" });
                for (var at = 0; at < arguments.Length; at += size)
                {
                    e.Delta(0, Wiretap.Bytes(arguments[at..Math.Min(arguments.Length, at + size)]));
                }

                e.PartEnd(0);
                e.WriteEnd();
            });

            var events = Wiretap.Events(stream);
            Assert.Equal(expected, string.Concat(events.Where(e => Type(e) == "response.custom_tool_call_input.delta").Select(e => e.GetProperty("delta").GetString())));
            Assert.Equal(expected, events[^1].GetProperty("response").GetProperty("output")[0].GetProperty("input").GetString());
        }
    }

    [Fact]
    public void Write_LocalShellCall_ComesBackAsOne()
    {
        var context = Wiretap.Context([.. Wiretap.Read("""{"model":"m","input":"x","tools":[{"type":"local_shell"}]}""").Tools]);

        var item = LastItem(context, "local_shell", """{"command":["ls","-l"],"timeout_ms":5}""");

        Assert.Equal("local_shell_call", item.GetProperty("type").GetString());
        Assert.Equal("""{"type":"exec","command":["ls","-l"],"env":{},"timeout_ms":5}""", item.GetProperty("action").GetRawText());
        Assert.Equal("function_call", LastItem(context, "local_shell", "no action").GetProperty("type").GetString());
        Assert.Equal("function_call", LastItem(Wiretap.Context(new FunctionTool("local_shell")), "local_shell", """{"command":[]}""").GetProperty("type").GetString());
    }

    [Fact]
    public void Write_CallOfANamespace_IsTakenApart()
    {
        var context = Wiretap.Context([.. Wiretap.Read("""{"model":"m","input":"x","tools":[{"type":"namespace","name":"mcp__git","tools":[{"type":"function","name":"log"}]}]}""").Tools]);
        Assert.Equal("mcp__git__log", Assert.Single(context.Request.Tools).Name);

        var item = LastItem(context, "mcp__git__log", "{}");

        Assert.Equal(("mcp__git", "log"), (item.GetProperty("namespace").GetString(), item.GetProperty("name").GetString()));
    }

    [Fact]
    public void Write_ReasoningOfAnotherMaker_SealsComeBackWithTheirMakerAndProvider()
    {
        var stream = Wiretap.Encode(Wiretap.Context(), e =>
        {
            e.Start(Start);
            e.PartStart(new PartStart(0, 0, AnswerPartKind.Reasoning));
            e.Delta(0, "hm"u8);
            e.Seal(0, new Seal(WireProtocol.Messages, "sig"));
            e.PartEnd(0);
            e.PartStart(new PartStart(1, 0, AnswerPartKind.RedactedReasoning));
            e.Seal(1, new Seal(WireProtocol.Messages, "hidden"));
            e.PartEnd(1);
            e.PartStart(new PartStart(2, 0, AnswerPartKind.ToolCall) { Id = "c", Name = "f" });
            e.Delta(2, "{}"u8);
            e.Seal(2, new Seal(WireProtocol.Gemini, "thought"));
            e.PartEnd(2);
            e.WriteEnd();
        });
        var output = Wiretap.Events(stream)[^1].GetProperty("response").GetProperty("output").GetRawText();

        var parts = Assert.Single(Wiretap.Read($$"""{"model":"m","input":{{output}}}""").Messages).Parts;

        Assert.Equal(
            [
                new ReasoningPart("hm") { Seal = new Seal(WireProtocol.Messages, "sig") { Provider = "acme" }, Id = $"rs_{Wiretap.Seed}00" },
                new ReasoningPart("") { Seal = new Seal(WireProtocol.Messages, "hidden") { Provider = "acme" }, IsRedacted = true, Id = $"rs_{Wiretap.Seed}01" },
                new ToolCallPart("c", "f", "{}") { Seal = new Seal(WireProtocol.Gemini, "thought") { Provider = "acme" } },
            ],
            parts);
        var tape = Wiretap.DecodeStream(stream);
        Assert.Equal(parts, tape.Answer.Choices[0].Parts);
    }

    [Theory]
    [InlineData(FinishReason.Stop, "completed", null)]
    [InlineData(FinishReason.ToolCalls, "completed", null)]
    [InlineData(FinishReason.Length, "incomplete", "max_output_tokens")]
    [InlineData(FinishReason.Pause, "incomplete", "max_output_tokens")]
    [InlineData(FinishReason.ContentFilter, "incomplete", "content_filter")]
    [InlineData(FinishReason.Refusal, "incomplete", "content_filter")]
    public void Write_Finish_IsStatusAndReason(FinishReason finish, string status, string? reason)
    {
        var end = Wiretap.Events(Wiretap.Encode(Wiretap.Context(), e =>
        {
            e.Start(Start);
            e.Finish(new AnswerFinish(0, finish));
            e.WriteEnd();
        }))[^1];

        Assert.Equal($"response.{status}", Type(end));
        Assert.Equal(status, end.GetProperty("response").GetProperty("status").GetString());
        var details = end.GetProperty("response").GetProperty("incomplete_details");
        Assert.Equal(reason, details.ValueKind == JsonValueKind.Null ? null : details.GetProperty("reason").GetString());
    }

    [Fact]
    public void WriteError_InAStartedStream_IsFailedAndNothingMore()
    {
        var stream = Wiretap.Encode(Wiretap.Context(), e =>
        {
            e.Start(Start);
            e.PartStart(new PartStart(0, 0, AnswerPartKind.Text));
            e.Delta(0, "half"u8);
            e.WriteError(new ClientError(502, "upstream_failed", "It broke."));
            e.WriteEnd();
        });

        var end = Wiretap.Events(stream)[^1];
        Assert.Equal("response.failed", Type(end));
        Assert.Equal("""{"code":"upstream_failed","message":"It broke."}""", end.GetProperty("response").GetProperty("error").GetRawText());
        Assert.Equal("half", end.GetProperty("response").GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.DoesNotContain("completed", Wiretap.Types(stream));
    }

    [Fact]
    public void Write_Nothing_IsStillAWholeResponse()
    {
        Assert.Equal(["created", "in_progress", "completed"], Wiretap.Types(Wiretap.Encode(Wiretap.Context(), e => e.WriteEnd())));
        Assert.Equal(": ping\n\n", Wiretap.Encode(Wiretap.Context(), e => e.Ping()));
    }

    private static void TextThenCall(StreamEncoder e)
    {
        e.Start(Start);
        e.PartStart(new PartStart(0, 0, AnswerPartKind.Text));
        e.Delta(0, "Hi "u8);
        e.Delta(0, "\"you\""u8);
        e.PartEnd(0);
        e.PartStart(new PartStart(1, 0, AnswerPartKind.ToolCall) { Id = "call_9", Name = "find" });
        e.Delta(1, "{\"q\":"u8);
        e.Delta(1, "1}"u8);
        e.PartEnd(1);
        e.Finish(new AnswerFinish(0, FinishReason.ToolCalls));
        e.Usage(new TokenUsage(1, 2, 3, 4, 5));
        e.WriteEnd();
    }

    private static JsonElement LastItem(AnswerContext context, string name, string arguments) => Wiretap.Events(Wiretap.Encode(context, e =>
    {
        e.Start(Start);
        e.PartStart(new PartStart(0, 0, AnswerPartKind.ToolCall) { Id = "c", Name = name });
        e.Delta(0, Wiretap.Bytes(arguments));
        e.PartEnd(0);
        e.WriteEnd();
    }))[^1].GetProperty("response").GetProperty("output")[0];

    private static string Type(JsonElement ev) => ev.GetProperty("type").GetString()!;
}
