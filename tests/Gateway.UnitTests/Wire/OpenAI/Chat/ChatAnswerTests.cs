using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Chat;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI.Chat;

public sealed class ChatAnswerTests
{
    private static readonly ModelAnswer Full = new()
    {
        Id = "chatcmpl-1",
        Model = "up",
        Created = 7,
        Usage = new TokenUsage(5, 3, 2, 4, 1),
        Choices =
        [
            new AnswerChoice(0,
            [
                new ReasoningPart("hm") { Seal = new Seal(WireProtocol.Chat, "SIG") },
                new TextPart("Look: \u0001 \"é😀\""),
                new ToolCallPart("c1", "f", """{"a":"\n"}""") { Seal = new Seal(WireProtocol.Gemini, "TS") },
                new ToolCallPart("c2", "free", "raw") { IsCustom = true },
            ], FinishReason.ToolCalls),
            new AnswerChoice(1, [new RefusalPart("no")], FinishReason.Refusal),
        ],
    };

    [Fact]
    public void WriteThenRead_FullAnswer_IsTheSame()
    {
        var read = ChatRun.Answer(ChatRun.Write(Full, ChatRun.Context() with { Provider = null })).Answer!;

        Assert.Equal(Full.Choices[0].Parts, read.Choices[0].Parts);
        Assert.Equal(Full.Choices[1].Parts, read.Choices[1].Parts);
        Assert.Equal([FinishReason.ToolCalls, FinishReason.Refusal], read.Choices.Select(c => c.Finish));
        Assert.Equal(Full.Usage, read.Usage);
        Assert.Equal((Full.Id, Full.Model, Full.Created), (read.Id, read.Model, read.Created));
    }

    [Fact]
    public void EncodeThenDecode_FullAnswerInAnySplit_IsThePlainAnswer()
    {
        var context = ChatRun.Context(includeUsage: true) with { Provider = null };
        var bytes = Encoding.UTF8.GetBytes(ChatRun.Encode(context, e =>
        {
            AnswerReplay.Into(Full, e);
            e.WriteEnd();
        }));
        foreach (var size in (int[])[1, 5, 64, 4096])
        {
            var read = ChatRun.Stream(bytes, size).Log.Answer;
            Assert.Equal(Full.Choices[0].Parts, read.Choices[0].Parts);
            Assert.Equal(Full.Choices[1].Parts, read.Choices[1].Parts);
            Assert.Equal(Full.Usage, read.Usage);
        }
    }

    [Fact]
    public void Write_TextAnswer_HasTheMembersThatTheApiAlwaysSends() => Assert.Equal(
        """{"id":"chatcmpl-0123456789abcdef0123456789abcdef","object":"chat.completion","created":1700000000,"model":"asked","choices":[{"index":0,"message":{"role":"assistant","content":"hi","refusal":null},"logprobs":null,"finish_reason":"stop"}]}""",
        ChatRun.Write(new ModelAnswer { Id = "", Model = "", Choices = [new AnswerChoice(0, [new TextPart("hi")], FinishReason.Stop)] }, ChatRun.Context()));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    public void Read_NotAnAnswer_IsMalformed(string body) => Assert.True(ChatRun.Answer(body).IsMalformed);

    [Fact]
    public void Read_ErrorInsideA200_IsAnError() =>
        Assert.Equal(429, ChatRun.Answer("""{"error":{"message":"slow","type":"rate_limit_error"}}""").Error!.Status);

    [Fact]
    public void Read_StopWithCalls_MeansToolCalls() => Assert.Equal(
        FinishReason.ToolCalls,
        ChatRun.Answer("""{"choices":[{"message":{"content":"","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}]}""").Answer!.Choices[0].Finish);

    [Fact]
    public void Read_ParallelCallsOfOneTool_AreSeveralCalls()
    {
        const string Calls = """{"id":"c1","type":"custom","custom":{"name":"sh","input":"ls"}},{"id":"c2","type":"custom","custom":{"name":"sh","input":""}},{"id":"c3","type":"custom","custom":{"name":"sh","input":"pwd"}}""";

        var parts = ChatRun.Answer($$"""{"choices":[{"message":{"content":null,"tool_calls":[{{Calls}}]},"finish_reason":"tool_calls"}]}""").Answer!.Choices[0].Parts;

        Assert.Equal([Custom("c1", "ls"), Custom("c2", ""), Custom("c3", "pwd")], parts);
    }

    [Fact]
    public void Read_DetailsWithANameThatIsNoText_AreLeftOut() => Assert.Equal(
        [new ReasoningPart("hm")],
        ChatRun.Answer("""{"choices":[{"message":{"reasoning_content":"hm","reasoning_details":[{"\ud800":1}]}}]}""").Answer!.Choices[0].Parts);

    [Fact]
    public void Read_ContentInParts_IsTextAndThoughts()
    {
        var parts = ChatRun.Answer("""{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"x"}]},"finish_reason":"stop"}]}""").Answer!.Choices[0].Parts;

        Assert.Equal([new ReasoningPart("hm"), new TextPart("x")], parts);
    }

    private static ToolCallPart Custom(string id, string input) => new(id, "sh", input) { IsCustom = true };

    [Fact]
    public void ReadError_NoErrorBody_IsNull() => Assert.Null(ChatCodec.Instance.ReadError("<html>"u8));

    [Fact]
    public void ReadError_Google_KeepsItsWords()
    {
        var error = ChatCodec.Instance.ReadError("""[{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED"}}]"""u8)!;

        Assert.Equal((429, "Quota", "RESOURCE_EXHAUSTED"), (error.Status, error.Message, error.Type));
    }
}
