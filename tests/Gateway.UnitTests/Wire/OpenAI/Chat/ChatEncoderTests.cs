using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI.Chat;

public sealed class ChatEncoderTests
{
    private const string Head = """data: {"id":"chatcmpl-0123456789abcdef0123456789abcdef","object":"chat.completion.chunk","created":1700000000,"model":"up","choices":[""";

    [Fact]
    public void Write_TextAndUsage_HasTheContractsOrder()
    {
        var bytes = ChatRun.Encode(ChatRun.Context(includeUsage: true), e =>
        {
            e.Start(new AnswerStart("msg_1", "up", 0));
            e.PartStart(new PartStart(0, 0, AnswerPartKind.Text));
            e.Delta(0, "a\n\"é\""u8);
            e.PartEnd(0);
            e.Usage(new TokenUsage(5, 3, 2, 4, 1));
            e.Finish(new AnswerFinish(0, FinishReason.Length));
            e.WriteEnd();
        });

        Assert.Equal(
            Head + """{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}""" + "\n\n"
            + Head + """{"index":0,"delta":{"content":"a\n\"é\""},"finish_reason":null}],"usage":null}""" + "\n\n"
            + Head + """{"index":0,"delta":{},"finish_reason":"length"}],"usage":null}""" + "\n\n"
            + Head + """],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":1}}}""" + "\n\n"
            + "data: [DONE]\n\n",
            bytes);
    }

    [Fact]
    public void Write_UsageNotAskedFor_WritesNoUsage()
    {
        var bytes = ChatRun.Encode(ChatRun.Context(), e =>
        {
            e.Start(new AnswerStart("chatcmpl-own", "", 9));
            e.Usage(new TokenUsage(1, 0, 0, 1, 0));
            e.Finish(new AnswerFinish(0, FinishReason.Stop));
            e.WriteEnd();
        });

        Assert.DoesNotContain("usage", bytes, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"chatcmpl-own\"", bytes, StringComparison.Ordinal);
        Assert.Contains("\"created\":9,\"model\":\"asked\"", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ParallelCalls_KeepTheirIndexAndGetIds()
    {
        var bytes = ChatRun.Encode(ChatRun.Context(), e =>
        {
            e.Start(default(AnswerStart) with { Id = "", Model = "up" });
            e.PartStart(new PartStart(0, 0, AnswerPartKind.ToolCall) { Id = "toolu_1", Name = "f" });
            e.PartStart(new PartStart(1, 0, AnswerPartKind.ToolCall) { Name = "g" });
            e.Delta(1, "{}"u8);
            e.Delta(0, "{\"a\""u8);
            e.PartEnd(1);
            e.Finish(new AnswerFinish(0, FinishReason.ToolCalls));
        });

        Assert.Contains("""{"tool_calls":[{"index":0,"id":"toolu_1","type":"function","function":{"name":"f","arguments":""}}]}""", bytes, StringComparison.Ordinal);
        Assert.Contains("""{"tool_calls":[{"index":1,"id":"call_0123456789abcdef01230001","type":"function","function":{"name":"g","arguments":""}}]}""", bytes, StringComparison.Ordinal);
        Assert.Contains("""{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}""", bytes, StringComparison.Ordinal);
        Assert.Contains("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}""", bytes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"input\":\"*** Begin\\n\\ud83d\\ude00 \\\"x\\\" \\u00e9\"}", "*** Begin\n😀 \"x\" é")]
    [InlineData(" { \"input\" : \"a\\ud83dz\" } ", "a\uFFFDz")]
    [InlineData("{\"other\":1}", "{\"other\":1}")]
    [InlineData("{}", "")]
    [InlineData("free text", "free text")]
    public void Write_CallOfACustomTool_IsUnwrappedInAnySplit(string arguments, string input)
    {
        var context = ChatRun.Context(false, new CustomTool("patch"));
        for (var size = 1; size < 9; size++)
        {
            var bytes = ChatRun.Encode(context, e =>
            {
                e.Start(new AnswerStart("", "up", 0));
                e.PartStart(new PartStart(0, 0, AnswerPartKind.ToolCall) { Id = "c", Name = "patch" });
                foreach (var piece in Encoding.UTF8.GetBytes(arguments).Chunk(size))
                {
                    e.Delta(0, piece);
                }

                e.PartEnd(0);
                e.Finish(new AnswerFinish(0, FinishReason.ToolCalls));
                e.WriteEnd();
            });

            var call = Assert.IsType<ToolCallPart>(Assert.Single(ChatRun.Stream(Encoding.UTF8.GetBytes(bytes)).Log.Answer.Choices[0].Parts));
            Assert.True(call.IsCustom);
            Assert.Equal(input, call.Arguments);
        }
    }

    [Fact]
    public void Write_ThoughtsOfTwoPartsWithSeals_ComeBackFromTheClientAsTheyWere()
    {
        var answer = new ModelAnswer
        {
            Id = "msg_1",
            Model = "up",
            Choices =
            [
                new AnswerChoice(0,
                [
                    new ReasoningPart("first ") { Seal = new Seal(WireProtocol.Messages, "S1") { Provider = "p1" } },
                    new ReasoningPart("second") { Seal = new Seal(WireProtocol.Messages, "S2") { Provider = "p1" } },
                    new ReasoningPart("") { IsRedacted = true, Seal = new Seal(WireProtocol.Messages, "E") { Provider = "p1" } },
                    new TextPart("x"),
                ], FinishReason.Stop),
            ],
        };
        var context = ChatRun.Context();
        var plain = ChatRun.Write(answer, context);
        var message = plain[plain.IndexOf("{\"role\"", StringComparison.Ordinal)..plain.IndexOf(",\"logprobs\"", StringComparison.Ordinal)];
        var back = ChatRun.Asked("""{"role":"user","content":"q"},""" + message).Messages[1];

        Assert.Equal(answer.Choices[0].Parts, back.Parts);

        var streamed = ChatRun.Encode(context, e =>
        {
            AnswerReplay.Into(answer, e);
            e.WriteEnd();
        });
        var read = ChatRun.Stream(Encoding.UTF8.GetBytes(streamed)).Log.Answer.Choices[0].Parts;
        Assert.Equal(["first ", "second", ""], read.OfType<ReasoningPart>().Select(p => p.Text));
        Assert.Equal(["S1", "S2", "E"], read.OfType<ReasoningPart>().Select(p => Seal.From(WireProtocol.Chat, p.Seal!.Value).Value));
    }

    [Theory]
    [InlineData(true, """{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""},"extra_content":{"google":{"thought_signature":"S"}}}]}""")]
    [InlineData(false, """{"tool_calls":[{"index":0,"function":{"arguments":""},"extra_content":{"google":{"thought_signature":"S"}}}]}""")]
    public void Write_SealOfACall_IsInItsFirstChunkIfKnownThatEarly(bool isEarly, string delta)
    {
        var seal = new Seal(WireProtocol.Gemini, "S");
        var context = ChatRun.Context();
        var bytes = ChatRun.Encode(context, e =>
        {
            e.Start(new AnswerStart("", "up", 0));
            e.PartStart(new PartStart(0, 0, AnswerPartKind.ToolCall) { Id = "c", Name = "f", Seal = isEarly ? seal : null });
            e.Delta(0, "{}"u8);
            e.Seal(0, seal);
            e.PartEnd(0);
            e.Finish(new AnswerFinish(0, FinishReason.ToolCalls));
            e.WriteEnd();
        });

        var written = (seal with { Provider = context.Provider }).For(WireProtocol.Gemini);
        Assert.Contains($"\"delta\":{delta.Replace("\"S\"", $"\"{written}\"", StringComparison.Ordinal)},", bytes, StringComparison.Ordinal);
        Assert.Equal(1, bytes.Split("thought_signature").Length - 1);
    }

    [Fact]
    public void WriteError_InAStartedStream_IsAnErrorEventAndNoFinish()
    {
        var bytes = ChatRun.Encode(ChatRun.Context(), e => e.WriteError(new ClientError(502, "upstream_failed", "It broke.")));

        Assert.Equal("""data: {"error":{"message":"It broke.","type":"server_error","param":null,"code":"upstream_failed"}}""" + "\n\ndata: [DONE]\n\n", bytes);
    }

    [Theory]
    [InlineData(FinishReason.Stop, "stop", FinishReason.Stop)]
    [InlineData(FinishReason.Length, "length", FinishReason.Length)]
    [InlineData(FinishReason.ToolCalls, "tool_calls", FinishReason.ToolCalls)]
    [InlineData(FinishReason.ContentFilter, "content_filter", FinishReason.ContentFilter)]
    [InlineData(FinishReason.Refusal, "content_filter", FinishReason.ContentFilter)]
    [InlineData(FinishReason.Pause, "stop", FinishReason.Stop)]
    public void Write_FinishReason_HasItsWord(FinishReason reason, string word, FinishReason back)
    {
        var bytes = ChatRun.Encode(ChatRun.Context(), e =>
        {
            e.Start(new AnswerStart("", "up", 0));
            e.Finish(new AnswerFinish(0, reason));
            e.WriteEnd();
        });

        Assert.Contains($"\"finish_reason\":\"{word}\"", bytes, StringComparison.Ordinal);
        Assert.Equal(back, ChatRun.Stream(Encoding.UTF8.GetBytes(bytes)).Log.Answer.Choices[0].Finish);
    }
}
