using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;
using static AIHigress.Gateway.UnitTests.Wire.Anthropic.Run;

namespace AIHigress.Gateway.UnitTests.Wire.Anthropic;

public sealed class MessagesDecoderTests
{
    private static readonly string Head = Event(
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"usage":{"input_tokens":10,"cache_read_input_tokens":3,"cache_creation_input_tokens":2,"output_tokens":1}}}""");

    private static readonly string End = Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":20,"output_tokens_details":{"thinking_tokens":15}}}""")
        + Event("""{"type":"message_stop"}""");

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Read_ThinkingTextAndCall_IsTheAnswer(int size)
    {
        var stream = Head + Event("""{"type":"ping"}""")
            + Block(0, """{"type":"thinking","thinking":"","signature":""}""", """{"type":"thinking_delta","thinking":"hm é😀"}""", """{"type":"signature_delta","signature":"sig=="}""")
            + Block(1, """{"type":"text","text":""}""", """{"type":"text_delta","text":"a\n"}""", """{"type":"text_delta","text":"\ud83d\ude00"}""")
            + Block(2, """{"type":"tool_use","id":"toolu_1","name":"f","input":{}}""", """{"type":"input_json_delta","partial_json":""}""", """{"type":"input_json_delta","partial_json":"{\"a\":"}""", """{"type":"input_json_delta","partial_json":"1}"}""")
            + End.Replace("end_turn", "tool_use", StringComparison.Ordinal);

        var (last, fold, decoder) = Stream(stream.Replace("\n\n", "\r\n\r\n", StringComparison.Ordinal), size: size);

        var answer = fold.ToAnswer();
        Assert.Equal(DecodeStep.Done, last);
        Assert.True(decoder.IsWhole);
        Assert.Equal(("msg_1", "claude"), (answer.Id, answer.Model));
        Assert.Equal(
            [new ReasoningPart("hm é😀") { Seal = new Seal(WireProtocol.Messages, "sig==") }, new TextPart("a\n😀"), new ToolCallPart("toolu_1", "f", """{"a":1}""")],
            answer.Choices[0].Parts);
        Assert.Equal(FinishReason.ToolCalls, answer.Choices[0].Finish);
        Assert.Equal(new TokenUsage(10, 3, 2, 5, 15), answer.Usage);
    }

    [Fact]
    public void Read_EachDelta_IsGivenInTheSameCall()
    {
        var sink = new Calls();

        Stream(Head + Block(0, """{"type":"text","text":""}""", """{"type":"text_delta","text":"a"}""", """{"type":"text_delta","text":"b"}""") + End, sink);

        Assert.Equal("Start Usage PartStart(0,Text) Delta(0,a) Delta(0,b) PartEnd(0) Usage Finish(Stop)", sink.ToString());
    }

    [Fact]
    public void Read_StartsTwiceAndForgottenEnds_OneBlockEach()
    {
        var start = Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");
        var stream = Head + Head + start + start + Delta(0, """{"type":"text_delta","text":"a"}""") + start
            + Event("""{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"x","name":"f"}}""")
            + Delta(1, """{"type":"input_json_delta","partial_json":"{}"}""") + End + Delta(1, """{"type":"text_delta","text":"late"}""");
        var sink = new Calls();

        Stream(stream, sink);

        Assert.Equal("Start Usage Usage PartStart(0,Text) Delta(0,a) PartEnd(0) PartStart(1,ToolCall) Delta(1,{}) Usage PartEnd(1) Finish(ToolCalls)", sink.ToString());
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("""{"a":{"a":1}}""", "")]
    public void Read_ArgumentsOnceMoreAfterTheWhole_AreDropped(string arguments, string again)
    {
        var stream = Head + Block(
            0,
            """{"type":"tool_use","id":"x","name":"f","input":{}}""",
            Args(arguments[..5]),
            Args(arguments[5..]),
            Args(again)) + End;

        Assert.Equal(arguments, Assert.IsType<ToolCallPart>(Stream(stream).Fold.ToAnswer().Choices[0].Parts[0]).Arguments);
    }

    [Fact]
    public void Read_ArgumentsInTheStart_AreGivenAndNotDoubled()
    {
        var stream = Head
            + Block(0, """{"type":"tool_use","id":"x","name":"f","input":{"a":1}}""", Args("""{"a":1}"""))
            + Block(1, """{"type":"tool_use","id":"y","name":"g","input":{ }}""") + End;

        Assert.Equal(
            [new ToolCallPart("x", "f", """{"a":1}"""), new ToolCallPart("y", "g", "{}")],
            Stream(stream).Fold.ToAnswer().Choices[0].Parts);
    }

    [Fact]
    public void Read_ParallelCallsInterleaved_KeepTheirOwnArguments()
    {
        var stream = Head
            + Event("""{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"x","name":"f","input":{}}}""") + Delta(3, Args("{\"a\""))
            + Event("""{"type":"content_block_start","index":7,"content_block":{"type":"tool_use","id":"y","name":"g","input":{}}}""") + Delta(7, Args("{\"b\""))
            + Delta(3, Args(":1}")) + Delta(7, Args(":2}")) + End;

        Assert.Equal(
            [new ToolCallPart("x", "f", """{"a":1}"""), new ToolCallPart("y", "g", """{"b":2}""")],
            Stream(stream).Fold.ToAnswer().Choices[0].Parts);
    }

    [Fact]
    public void Read_ThinkingDeltaInTextBlock_BecomesAPartOfItsOwn()
    {
        var stream = Head + Block(0, """{"type":"text","text":""}""", """{"type":"text_delta","text":"a"}""", """{"type":"thinking_delta","thinking":"b"}""", """{"type":"text_delta","text":"c"}""") + End;

        Assert.Equal([new TextPart("a"), new ReasoningPart("b"), new TextPart("c")], Stream(stream).Fold.ToAnswer().Choices[0].Parts);
    }

    [Fact]
    public void Read_DeltaWithoutStartAndNulls_IsRead()
    {
        var stream = Event("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a","citations":null}}""")
            + Event("""{"type":"content_block_delta","index":0,"delta":null}""")
            + Event("""{"type":"message_delta","delta":null,"usage":{"input_tokens":null,"output_tokens":-5}}""")
            + Event("""{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":null}""");

        var answer = Stream(stream).Fold.ToAnswer();

        Assert.Equal(new TextPart("a"), Assert.Single(answer.Choices[0].Parts));
        Assert.Equal(FinishReason.Length, answer.Choices[0].Finish);
        Assert.Equal(default(TokenUsage), answer.Usage);
    }

    [Fact]
    public void Read_BlocksOfHostedTools_AreLeftOut()
    {
        var stream = Head
            + Block(0, """{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}}""", Args("{\"q\":1}"))
            + Block(1, """{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}""")
            + Block(2, """{"type":"text","text":"x"}""", """{"type":"citations_delta","citation":{}}""") + End;

        Assert.Equal(new TextPart("x"), Assert.Single(Stream(stream).Fold.ToAnswer().Choices[0].Parts));
    }

    [Theory]
    [InlineData("overloaded_error", 529)]
    [InlineData("rate_limit_error", 429)]
    [InlineData("api_error", 500)]
    [InlineData("odd_error", null)]
    public void Read_ErrorEvent_IsAnErrorAndNoEnd(string type, int? status)
    {
        var stream = Head + Block(0, """{"type":"text","text":"x"}""") + $"event: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"{type}\",\"message\":\"Busy\"}}}}\n\n" + End;

        var (last, _, decoder) = Stream(stream);

        Assert.Equal(DecodeStep.Error, last);
        Assert.False(decoder.IsWhole);
        Assert.Equal(new AnswerError(status, "Busy") { Type = type }, decoder.Error);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("[DONE]")]
    [InlineData("""{"id":"x","choices":[]}""")]
    [InlineData("""{"type":"ping"} x""")]
    public void Read_NotThisProtocol_IsMalformed(string data) => Assert.Equal(DecodeStep.Malformed, Stream(Event(data)).Last);

    [Theory]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("refusal", FinishReason.Refusal)]
    [InlineData("pause_turn", FinishReason.Pause)]
    [InlineData("tool_use", FinishReason.Stop)]
    [InlineData("brand_new", FinishReason.Stop)]
    public void Read_StopReason_IsMapped(string word, FinishReason reason)
    {
        var stream = Head + Block(0, """{"type":"text","text":"x"}""") + End.Replace("end_turn", word, StringComparison.Ordinal);

        Assert.Equal(reason, Stream(stream).Fold.ToAnswer().Choices[0].Finish);
    }

    [Fact]
    public void Read_CutStream_IsNotWhole()
    {
        var (last, _, decoder) = Stream(Head + Block(0, """{"type":"text","text":"x"}"""));

        Assert.Equal(DecodeStep.Continue, last);
        Assert.False(decoder.IsWhole);
    }

    private static string Args(string json) => $$"""{"type":"input_json_delta","partial_json":"{{json.Replace("\"", "\\\"", StringComparison.Ordinal)}}"}""";

    private static string Delta(int index, string delta) => Event($$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}}}""");

    private static string Block(int index, string start, params string[] deltas) =>
        Event($$"""{"type":"content_block_start","index":{{index}},"content_block":{{start}}}""")
        + string.Concat(deltas.Select(d => Delta(index, d)))
        + Event($$"""{"type":"content_block_stop","index":{{index}}}""");
}
