using System.Text;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

public sealed class ChatPromptTextTests
{
    [Fact]
    public void Read_MessagesAndTools_GivesTheirTextAndNoMedia()
    {
        var text = Read("""
            {"model":"m","tools":[{"type":"function", "function":{"name":"f"}}],"messages":[
              {"role":"system","content":"be \"brief\"\n"},
              {"role":"user","content":[{"type":"text","text":"\u00e9t\u00e9"},{"type":"image_url","image_url":{"url":"data:AAAA","text":"no"}}]},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}],
             "user":"not this"}
            """);

        Assert.Equal(
            """
            [{"type":"function", "function":{"name":"f"}}]
            system
            be "brief"

            user
            été
            assistant
            f
            {"a":1}

            """,
            text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"messages":"x"}""")]
    public void Read_NoMessages_IsEmpty(string body) => Assert.Equal("", Read(body));

    [Fact]
    public void Read_StringsThatAreNoMessages_AreLeftOut() =>
        Assert.Equal("a\nuser\n", Read("""{"messages":[{"content":"a","role":"user"},"odd",["odd"]]}"""));

    [Theory]
    [InlineData("""{"model":"m","prompt":"one two","max_tokens":5}""", "one two\n")]
    [InlineData("""{"model":"m","prompt":["one","two"],"suffix":"x"}""", "one\ntwo\n")]
    [InlineData("""{"model":"m","input":["one",[1,2],"two"],"user":"u"}""", "one\ntwo\n")]
    [InlineData("""{"input":[[1,2],[3]],"messages":[{"role":"user"}]}""", "user\n")]
    public void Read_PromptOrInput_GivesItsTexts(string body, string text) => Assert.Equal(text, Read(body));

    [Fact]
    public void Read_BrokenBody_GivesWhatStandsBeforeTheFault() =>
        Assert.Equal("user\nhello\n", Read("""{"messages":[{"role":"user","content":"hello"},"""));

    private static string Read(string body) => ChatPromptText.Read(Encoding.UTF8.GetBytes(body));
}
