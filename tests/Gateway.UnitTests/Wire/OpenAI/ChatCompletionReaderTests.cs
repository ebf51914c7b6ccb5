using System.Buffers;
using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

public sealed class ChatCompletionReaderTests
{
    [Fact]
    public void Read_PlainAnswer_GivesTextFinishAndUsage()
    {
        var answer = Read(
            """
            {"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],
             "usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}}
            """,
            out var text);

        Assert.True(answer is { HasContent: true, HasFinish: true, HasChoices: true, IsEmpty: false, IsError: false, IsMalformed: false });
        Assert.Equal(new TokenUsage(15, 4, 0, 7, 3), answer.Usage);
        Assert.Equal("Hello", text);
    }

    [Fact]
    public void Read_ToolCalls_AreContent()
    {
        Assert.True(Read("""{"choices":[{"message":{"content":null,"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""", out var text).HasContent);
        Assert.Equal("f{}", text);
    }

    [Fact]
    public void Read_NoChoices_IsEmptyButNotMalformed()
    {
        var answer = Read("""{"choices":[]}""", out _);

        Assert.True(answer is { IsEmpty: true, HasContent: false, IsMalformed: false });
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","code":429}}""", 429)]
    [InlineData("""{"object":"error","message":"m","code":"500"}""", 500)]
    [InlineData("""{"error":"overloaded"}""", null)]
    public void Read_ErrorWithStatus200_IsError(string body, int? status)
    {
        var answer = Read(body, out _);

        Assert.True(answer is { IsError: true, IsEmpty: true, IsMalformed: false });
        Assert.Equal(status, answer.ErrorStatus);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"choices":null}""")]
    [InlineData("""{"choices":{}}""")]
    [InlineData("""{"id":"x","usage":{"prompt_tokens":1}}""")]
    [InlineData("""{"choices":[{"message":{"content":"cut""")]
    [InlineData("""{"choices":[]}{}""")]
    [InlineData("<html></html>")]
    public void Read_NotAnAnswer_IsMalformed(string body) => Assert.True(Read(body, out _).IsMalformed);

    private static ChatCompletion Read(string body, out string generated)
    {
        var text = new ArrayBufferWriter<byte>();
        var answer = ChatCompletionReader.Read(Encoding.UTF8.GetBytes(body), text);
        generated = Encoding.UTF8.GetString(text.WrittenSpan);
        return answer;
    }
}
