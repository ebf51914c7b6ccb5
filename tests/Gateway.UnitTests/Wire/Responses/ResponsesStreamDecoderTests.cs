using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Responses;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Responses;

public sealed class ResponsesStreamDecoderTests
{
    private const string Created = """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1741290958,"status":"in_progress","error":null,"model":"gpt-5","output":[],"usage":null}}""";
    private const string Message = """{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}""";
    private const string Completed = """{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":37,"input_tokens_details":{"cached_tokens":30},"output_tokens":11,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":48}}}""";

    [Fact]
    public void Read_TextStream_GivesEachDeltaAsItCame()
    {
        var tape = Wiretap.Decode(
        [
            Created, Message,
            """{"type":"response.content_part.added","item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}""",
            Text("Hi"), Text(" there"),
            """{"type":"response.output_text.done","item_id":"msg_1","output_index":0,"content_index":0,"text":"Hi there"}""",
            """{"type":"response.content_part.done","item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hi there"}}""",
            """{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi there"}]}}""",
            Completed,
        ]);

        Assert.Equal(["start resp_1 gpt-5 1741290958", "part 0 Text", "delta 0 Hi", "delta 0  there", "end 0", "usage", "finish Stop"], tape.Calls);
        Assert.Equal(new TokenUsage(7, 30, 0, 7, 4), tape.Answer.Usage);
        Assert.Equal(DecodeStep.Done, tape.Step);
        Assert.True(tape.IsWhole);
    }

    [Theory]
    [InlineData(1, "\n")]
    [InlineData(3, "\r\n")]
    [InlineData(7, "\r")]
    public void Read_AnyChunksAndLineEnds_SameText(int chunk, string lineEnd)
    {
        var tape = Wiretap.Decode([Created, Message, Text("Grüße 🚀"), Text("\\ud83d\\ude80 \\\"q\\\""), Completed], chunk, lineEnd);

        Assert.Equal(new TextPart("Grüße 🚀🚀 \"q\""), Assert.Single(tape.Answer.Choices[0].Parts));
    }

    [Fact]
    public void Read_HalfAnEmoji_BecomesReplacementCharacter()
    {
        var tape = Wiretap.Decode([Created, Message, Text("a\\ud83d"), Text("\\ude80b"), Completed]);

        Assert.Equal(["delta 0 a\uFFFD", "delta 0 \uFFFDb"], tape.Calls.Where(c => c.StartsWith("delta", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_CharacterCutInHalf_BecomesReplacementCharacters()
    {
        using var reader = new SseReader();
        var bytes = Encoding.UTF8.GetBytes($"data: {Created}\n\ndata: {Message}\n\ndata: {Text("a🚀b")}\n\n");
        bytes[Array.IndexOf(bytes, (byte)0x9F)] = (byte)'x';
        bytes.CopyTo(reader.GetMemory(bytes.Length));
        reader.Advance(bytes.Length);
        var (decoder, tape) = (ResponsesCodec.Instance.NewDecoder(), new Tape());

        while (reader.TryRead(out var ev))
        {
            Assert.Equal(DecodeStep.Continue, decoder.Read(ev, tape));
        }

        Assert.Equal("a\uFFFDx\uFFFD\uFFFDb", Assert.IsType<TextPart>(Assert.Single(tape.Answer.Choices[0].Parts)).Text);
    }

    [Fact]
    public void Read_ParallelCallsInterleaved_StayOpenSideBySide()
    {
        var tape = Wiretap.Decode(
        [
            Created, Call(0, "call_a", "one"), Call(1, "call_b", "two"),
            Arguments(1, "{\\\"b\\\":"), Arguments(0, "{\\\"a\\\":1}"), Arguments(1, "2}"),
            ArgumentsDone(0, "{\\\"a\\\":1}"), CallDone(0, "call_a", "one", "{\\\"a\\\":1}"),
            ArgumentsDone(1, "{\\\"b\\\":2}"), CallDone(1, "call_b", "two", "{\\\"b\\\":2}"), Completed,
        ]);

        Assert.Equal(
            [new ToolCallPart("call_a", "one", "{\"a\":1}"), new ToolCallPart("call_b", "two", "{\"b\":2}")], tape.Answer.Choices[0].Parts);
        Assert.Equal(FinishReason.ToolCalls, tape.Answer.Choices[0].Finish);
        Assert.Equal(["delta 1 {\"b\":", "delta 0 {\"a\":1}", "delta 1 2}", "end 0", "end 1"], tape.Calls.Where(c => c[0] is 'd' or 'e'));
    }

    [Fact]
    public void Read_ArgumentsSentOnceMore_AreDropped()
    {
        var tape = Wiretap.Decode([Created, Call(0, "call_a", "one"), Arguments(0, "{\\\"a\\\":"), Arguments(0, "1}"), Arguments(0, "{\\\"a\\\":1}"), CallDone(0, "call_a", "one", "{\\\"a\\\":1}"), Completed]);

        Assert.Equal(new ToolCallPart("call_a", "one", "{\"a\":1}"), Assert.Single(tape.Answer.Choices[0].Parts));
    }

    [Fact]
    public void Read_ArgumentsWithoutDeltas_ComeFromTheWhole()
    {
        var tape = Wiretap.Decode([Created, Call(0, "call_a", "one"), CallDone(0, "call_a", "one", "{\\\"a\\\":1}"), Completed]);

        Assert.Equal(new ToolCallPart("call_a", "one", "{\"a\":1}"), Assert.Single(tape.Answer.Choices[0].Parts));
    }

    [Fact]
    public void Read_ItemsOnlyInTheEnd_AreGiven()
    {
        var tape = Wiretap.Decode([Created, """{"type":"response.completed","response":{"output":[{"type":"message","content":[{"type":"output_text","text":"late"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}}"""]);

        Assert.Equal([new TextPart("late"), new ToolCallPart("c", "f", "{}")], tape.Answer.Choices[0].Parts);
    }

    [Fact]
    public void Read_StartTwiceAndItemTwiceWithOtherIds_CountsOnce()
    {
        var tape = Wiretap.Decode([Created, Created.Replace("resp_1", "resp_2", StringComparison.Ordinal), Message, Message.Replace("msg_1", "msg_2", StringComparison.Ordinal), Text("x"), Completed, Text("late")]);

        Assert.Equal(["start resp_1 gpt-5 1741290958", "part 0 Text", "delta 0 x", "end 0", "usage", "finish Stop"], tape.Calls);
    }

    [Fact]
    public void Read_TextWithoutItemAndIndex_IsAMessage()
    {
        var tape = Wiretap.Decode(["""{"type":"response.output_text.delta","delta":"a"}""", """{"type":"response.output_text.delta","delta":"b"}""", Completed]);

        Assert.Equal(new TextPart("ab"), Assert.Single(tape.Answer.Choices[0].Parts));
    }

    [Fact]
    public void Read_Reasoning_JoinsSectionsAndKeepsTheSeal()
    {
        var tape = Wiretap.Decode(
        [
            Created, """{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""",
            """{"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}""",
            """{"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"First"}""",
            """{"type":"response.reasoning_summary_text.done","item_id":"rs_1","output_index":0,"summary_index":0,"text":"First"}""",
            """{"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":1,"delta":"second"}""",
            """{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","encrypted_content":"gAAAA","summary":[{"type":"summary_text","text":"First"},{"type":"summary_text","text":"second"}]}}""",
            Completed,
        ]);

        Assert.Equal(
            ["part 0 Reasoning rs_1", "delta 0 First", "delta 0 \n\n", "delta 0 second", "seal 0 Responses gAAAA", "end 0"],
            tape.Calls.Skip(1).SkipLast(2));
    }

    [Fact]
    public void Read_ReasoningText_IsReasoning()
    {
        var tape = Wiretap.Decode(
        [
            Created, """{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""",
            """{"type":"response.reasoning_text.delta","item_id":"rs_1","output_index":0,"content_index":0,"delta":"hm"}""",
            """{"type":"response.reasoning_text.done","item_id":"rs_1","output_index":0,"content_index":0,"text":"hm"}""",
            """{"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"again"}""",
            Completed,
        ]);

        Assert.Equal(new ReasoningPart("hm") { Id = "rs_1" }, Assert.Single(tape.Answer.Choices[0].Parts));
    }

    [Fact]
    public void Read_CustomCallAndRefusal_AreTheirKinds()
    {
        var tape = Wiretap.Decode(
        [
            Created, """{"type":"response.output_item.added","output_index":0,"item":{"type":"custom_tool_call","call_id":"c1","name":"patch","input":""}}""",
            """{"type":"response.custom_tool_call_input.delta","output_index":0,"delta":"*** {\"}"}""",
            """{"type":"response.custom_tool_call_input.delta","output_index":0,"delta":" {}{}"}""",
            """{"type":"response.custom_tool_call_input.done","output_index":0,"input":"*** {\"} {}{}"}""",
            Message.Replace("\"output_index\":0", "\"output_index\":1", StringComparison.Ordinal),
            """{"type":"response.refusal.delta","output_index":1,"content_index":0,"delta":"no"}""",
            """{"type":"response.refusal.done","output_index":1,"content_index":0,"refusal":"no"}""",
            Completed,
        ]);

        Assert.Equal([new ToolCallPart("c1", "patch", "*** {\"} {}{}") { IsCustom = true }, new RefusalPart("no")], tape.Answer.Choices[0].Parts);
    }

    [Theory]
    [InlineData("max_output_tokens", FinishReason.Length)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("something_new", FinishReason.Length)]
    public void Read_Incomplete_SaysWhy(string reason, FinishReason expected)
    {
        var tape = Wiretap.Decode([Created, Message, Text("x"), $$$"""{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"{{{reason}}}"},"usage":null}}"""]);

        Assert.Equal(expected, tape.Answer.Choices[0].Finish);
        Assert.Null(tape.Answer.Usage);
    }

    [Theory]
    [InlineData("""{"type":"error","code":"rate_limit_exceeded","message":"slow","param":null,"sequence_number":1}""", 429, "slow")]
    [InlineData("""{"type":"error","error":{"type":"server_error","code":null,"message":"oops"}}""", 500, "oops")]
    [InlineData("""{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"oops"},"output":[]}}""", 500, "oops")]
    [InlineData("""{"type":"response.failed","response":{"status":"failed","error":null}}""", null, null)]
    [InlineData("""{"error":{"message":"bad key","type":"invalid_request_error","code":"invalid_api_key"}}""", 401, "bad key")]
    public void Read_Error_EndsWithItAndWithoutFinish(string error, int? status, string? message)
    {
        var tape = Wiretap.Decode([Created, Message, Text("x"), error]);

        Assert.Equal(DecodeStep.Error, tape.Step);
        Assert.Equal((status, message), (tape.Error!.Status, tape.Error.Message));
        Assert.False(tape.IsWhole);
        Assert.DoesNotContain(tape.Calls, c => c.StartsWith("finish", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[]}""")]
    [InlineData("""{"type":7}""")]
    public void Read_OtherThings_AreMalformed(string data) => Assert.Equal(DecodeStep.Malformed, Wiretap.Decode([data]).Step);

    [Fact]
    public void Read_NullsEverywhere_AreAbsent()
    {
        var tape = Wiretap.Decode(
        [
            """{"type":"response.created","response":null}""",
            """{"type":"response.output_item.added","output_index":null,"item":{"type":"message","id":null,"content":null}}""",
            """{"type":"response.output_text.delta","output_index":null,"content_index":null,"delta":null}""",
            """{"type":"response.output_text.delta","output_index":0,"delta":"x"}""",
            """{"type":"response.output_item.done","item":{"type":"message","content":null}}""",
            """{"type":"response.completed","response":{"usage":{"input_tokens":5,"input_tokens_details":null,"output_tokens":-3}}}""",
        ]);

        Assert.Equal(new TextPart("x"), Assert.Single(tape.Answer.Choices[0].Parts));
        Assert.Equal(new TokenUsage(5, 0, 0, 0, 0), tape.Answer.Usage);
    }

    private static string Text(string escaped) =>
        $$"""{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"{{escaped}}"}""";

    private static string Call(int index, string id, string name) =>
        $$$"""{"type":"response.output_item.added","output_index":{{{index}}},"item":{"id":"fc_{{{index}}}","type":"function_call","status":"in_progress","arguments":"","call_id":"{{{id}}}","name":"{{{name}}}"}}""";

    private static string Arguments(int index, string escaped) =>
        $$"""{"type":"response.function_call_arguments.delta","item_id":"fc_{{index}}","output_index":{{index}},"delta":"{{escaped}}"}""";

    private static string ArgumentsDone(int index, string escaped) =>
        $$"""{"type":"response.function_call_arguments.done","item_id":"fc_{{index}}","output_index":{{index}},"arguments":"{{escaped}}"}""";

    private static string CallDone(int index, string id, string name, string escaped) =>
        $$$"""{"type":"response.output_item.done","output_index":{{{index}}},"item":{"id":"fc_{{{index}}}","type":"function_call","status":"completed","arguments":"{{{escaped}}}","call_id":"{{{id}}}","name":"{{{name}}}"}}""";
}
