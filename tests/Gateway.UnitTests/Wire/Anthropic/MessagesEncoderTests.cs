using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Anthropic;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;
using static AIHigress.Gateway.UnitTests.Wire.Anthropic.Run;

namespace AIHigress.Gateway.UnitTests.Wire.Anthropic;

public sealed class MessagesEncoderTests
{
    [Fact]
    public void Stream_TextAnswer_HasTheApisEventsInOrder()
    {
        var (encoder, output) = NewEncoder();

        encoder.Start(new AnswerStart("chatcmpl-1", "gpt", 5));
        Assert.Equal(
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_0123456789abcdef0123456789abcdef","type":"message","role":"assistant","model":"gpt","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}}

            event: ping
            data: {"type":"ping"}


            """,
            Taken(output));
        encoder.PartStart(new PartStart(0, 0, AnswerPartKind.Text));
        Assert.Equal(Named("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""), Taken(output));
        encoder.Delta(0, "a\n\"é"u8);
        Assert.Equal(Named("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\n\"é"}}"""), Taken(output));
        encoder.PartEnd(0);
        Assert.Equal(Named("content_block_stop", """{"type":"content_block_stop","index":0}"""), Taken(output));
        encoder.Finish(new AnswerFinish(0, FinishReason.Stop, "END"));
        encoder.Usage(new TokenUsage(10, 3, 2, 5, 15));
        Assert.Equal("", Taken(output));
        encoder.WriteEnd();
        Assert.Equal(
            Named("message_delta", """{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":20,"output_tokens_details":{"thinking_tokens":15}}}""")
            + Named("message_stop", """{"type":"message_stop"}"""),
            Taken(output));
    }

    [Fact]
    public void Stream_ParallelCalls_SecondWaitsForTheFirst()
    {
        var (encoder, output) = NewEncoder();
        encoder.Start(new AnswerStart("msg_up", "m", 0));
        encoder.PartStart(new PartStart(0, 0, AnswerPartKind.ToolCall) { Id = "call_1", Name = "f" });
        encoder.PartStart(new PartStart(1, 0, AnswerPartKind.ToolCall) { Name = "g" });
        encoder.Delta(1, "{\"b\""u8);
        Assert.DoesNotContain("content_block", Taken(output), StringComparison.Ordinal);
        encoder.Delta(0, "{}"u8);
        Assert.Contains("""{"type":"input_json_delta","partial_json":"{}"}""", Taken(output), StringComparison.Ordinal);
        encoder.Delta(1, ":1"u8);
        Assert.Equal("", Taken(output));

        encoder.PartEnd(0);

        var then = Taken(output);
        Assert.StartsWith(Named("content_block_stop", """{"type":"content_block_stop","index":0}"""), then, StringComparison.Ordinal);
        Assert.Contains("""{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_0123456789abcdef01230001","name":"g","input":{}}}""", then, StringComparison.Ordinal);
        Assert.Contains("""{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"b\":1"}}""", then, StringComparison.Ordinal);
        encoder.Delta(1, "}"u8);
        Assert.Equal(Named("content_block_delta", """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"}"}}"""), Taken(output));
        encoder.PartEnd(1);
        encoder.Finish(new AnswerFinish(0, FinishReason.Stop));
        encoder.WriteEnd();
        Assert.Contains("\"stop_reason\":\"tool_use\"", Taken(output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stream_SealOfACall_ComesBackOnTheCall(bool isBeforeArguments)
    {
        var seal = new Seal(WireProtocol.Gemini, "thought");
        var (encoder, output) = NewEncoder();
        encoder.Start(new AnswerStart("", "m", 0));
        encoder.PartStart(new PartStart(0, 0, AnswerPartKind.ToolCall) { Id = "c", Name = "f" });
        if (isBeforeArguments)
        {
            encoder.Seal(0, seal);
        }

        encoder.Delta(0, "{\"a\":1}"u8);
        if (!isBeforeArguments)
        {
            encoder.Seal(0, seal);
        }

        encoder.PartEnd(0);
        encoder.WriteEnd();

        var shown = seal with { Provider = "acme" };
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        var blocks = isBeforeArguments
            ? $$$"""{"type":"thinking","thinking":"","signature":"{{{shown.For(WireProtocol.Messages)}}}"},{"type":"tool_use","id":"c","name":"f","input":{"a":1}}"""
            : $$$"""{"type":"tool_use","id":"c","name":"f","input":{"a":1}},{"type":"redacted_thinking","data":"{{{shown.For(WireProtocol.Messages)}}}"}""";
        Assert.Contains(shown.For(WireProtocol.Messages), text, StringComparison.Ordinal);
        var read = Read($$"""{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":[{{blocks}}]}]}""");
        Assert.Equal(new ToolCallPart("c", "f", """{"a":1}""") { Seal = shown }, Assert.Single(read.Messages[0].Parts));
    }

    [Fact]
    public void Stream_RedactedThoughts_BeginWithTheirData()
    {
        var (encoder, output) = NewEncoder();
        encoder.PartStart(new PartStart(0, 0, AnswerPartKind.RedactedReasoning));
        encoder.PartEnd(0);
        encoder.PartStart(new PartStart(1, 0, AnswerPartKind.RedactedReasoning));
        Taken(output);

        encoder.Seal(1, new Seal(WireProtocol.Messages, "data=="));

        Assert.Equal(Named("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"data=="}}"""), Taken(output));
    }

    [Fact]
    public void Stream_CustomCall_IsWrappedAsItCome()
    {
        var (encoder, output) = NewEncoder();
        encoder.PartStart(new PartStart(0, 0, AnswerPartKind.ToolCall) { Id = "c", Name = "f", IsCustom = true });
        encoder.Delta(0, "a\"\n"u8);
        encoder.Delta(0, "b"u8);
        encoder.PartEnd(0);
        encoder.Finish(new AnswerFinish(0, FinishReason.ToolCalls));
        encoder.WriteEnd();

        var call = Assert.IsType<ToolCallPart>(Assert.Single(Stream(Encoding.UTF8.GetString(output.WrittenSpan)).Fold.ToAnswer().Choices[0].Parts));
        Assert.Equal("""{"input":"a\"\nb"}""", call.Arguments);
    }

    [Fact]
    public void WriteError_InStartedStream_IsTheErrorEventAndNoEnd()
    {
        var (encoder, output) = NewEncoder();
        encoder.PartStart(new PartStart(0, 0, AnswerPartKind.Text));
        Taken(output);

        encoder.WriteError(new ClientError(503, "no_available_provider", "Nobody.") { RequestId = "r1" });

        Assert.Equal(
            Named("error", """{"type":"error","error":{"type":"overloaded_error","message":"Nobody.","details":{"error_code":"no_available_provider"}},"request_id":"r1"}"""),
            Taken(output));
    }

    [Theory]
    [InlineData(FinishReason.Stop, "end_turn")]
    [InlineData(FinishReason.Length, "max_tokens")]
    [InlineData(FinishReason.ToolCalls, "end_turn")]
    [InlineData(FinishReason.ContentFilter, "refusal")]
    [InlineData(FinishReason.Refusal, "refusal")]
    [InlineData(FinishReason.Pause, "pause_turn")]
    public void WriteAnswer_Finish_IsMapped(FinishReason reason, string word)
    {
        var answer = new ModelAnswer { Id = "", Model = "m", Choices = [new AnswerChoice(0, [new TextPart("x")], reason)] };

        Assert.Contains($"\"stop_reason\":\"{word}\",\"stop_sequence\":null", Text(o => MessagesCodec.Instance.WriteAnswer(answer, Context, o)), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteAnswer_EveryPart_IsTheStreamsFold()
    {
        var answer = new ModelAnswer
        {
            Id = "msg_1",
            Model = "m",
            Choices =
            [
                new AnswerChoice(
                    0,
                    [
                        new ReasoningPart("hm") { Seal = new Seal(WireProtocol.Messages, "s") { Provider = "acme" } },
                        new ReasoningPart("") { Seal = new Seal(WireProtocol.Responses, "enc") { Provider = "acme" }, IsRedacted = true },
                        new TextPart("a"),
                        new ToolCallPart("c", "f", "{\"a\":[1]}"),
                    ],
                    FinishReason.ToolCalls),
            ],
            Usage = new TokenUsage(1, 2, 3, 4, 5),
        };
        var (encoder, output) = NewEncoder();

        AnswerReplay.Into(answer, encoder);
        encoder.WriteEnd();
        var streamed = Stream(Encoding.UTF8.GetString(output.WrittenSpan), size: 3).Fold.ToAnswer();
        var plain = MessagesCodec.Instance.ReadAnswer(Encoding.UTF8.GetBytes(Text(o => MessagesCodec.Instance.WriteAnswer(answer, Context, o)))).Answer!;

        Assert.Equal(plain.Choices[0].Parts, streamed.Choices[0].Parts);
        Assert.Equal(answer.Choices[0].Parts.Skip(1), plain.Choices[0].Parts.Skip(1));
        Assert.Equal((answer.Usage, answer.Usage), (plain.Usage, streamed.Usage));
        Assert.Equal(("msg_1", FinishReason.ToolCalls), (streamed.Id, streamed.Choices[0].Finish));
    }

    private static string Named(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}
