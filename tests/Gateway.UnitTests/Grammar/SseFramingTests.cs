using System.Text;
using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.UnitTests.Grammar;

public sealed class SseFramingTests
{
    private const string Good = "data: {\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":null}}\n\ndata: [DONE]\n\n";

    [Theory]
    [InlineData("sse-bom", 0, "\uFEFF" + Good)]
    [InlineData("sse-line-ends", 0, "data: 1\r\n\ndata: 2\n\n")]
    [InlineData("sse-line-ends", 0, "data: 1\rdata: 2\n\n")]
    [InlineData("sse-line-ends", 0, "data: 1\n\ndata: 2\r\n\r\n")]
    [InlineData("sse-empty-data", 1, "data:\n\n" + Good)]
    [InlineData("sse-empty-data", 3, Good + "data:  \n\n")]
    [InlineData("sse-empty-data", 1, "event: ping\n\n" + Good)]
    [InlineData("sse-field", 1, "date: {}\n\n" + Good)]
    [InlineData("sse-field", 1, "{\"choices\":[]}\n\n" + Good)]
    [InlineData("sse-field", 1, "event: a\nevent: b\ndata: {}\n\n")]
    [InlineData("sse-cut", 3, Good + "data: {}\n")]
    [InlineData("sse-cut", 3, Good + "data: {}")]
    [InlineData("json", 1, "data: {\"choices\":\n\n")]
    [InlineData("json", 1, "data: []\n\n")]
    [InlineData("json", 1, "data: {\"id\":1,\"id\":2}\n\n")]
    public void Stream_BadFraming_IsRefused(string rule, int number, string body)
    {
        var refusal = Assert.Throws<GrammarException>(() => new ChatGrammar().Stream(Encoding.UTF8.GetBytes(body)));

        Assert.Equal((rule, number), (refusal.Rule, refusal.EventNumber));
    }

    [Fact]
    public void Stream_HalfACharacter_IsRefused()
    {
        byte[] body = [.. "data: "u8, 0xE4, 0xB8, .. "\n\n"u8];

        var refusal = Assert.Throws<GrammarException>(() => new ChatGrammar().Stream(body));

        Assert.Equal("sse-utf8", refusal.Rule);
    }

    [Theory]
    [InlineData("{\"error\":{\"message\":\"m\",\"type\":\"t\"}")]
    [InlineData("{\"error\":{\"message\":\"m\",\"type\":\"t\"}} {}")]
    [InlineData("")]
    public void Plain_NoJson_IsRefused(string body)
    {
        var refusal = Assert.Throws<GrammarException>(() => new ChatGrammar().Plain(Encoding.UTF8.GetBytes(body)));

        Assert.Equal("json", refusal.Rule);
    }

    [Fact]
    public void Stream_DataInSeveralLines_IsOneEvent()
    {
        var body = Good.Replace(",\"type\"", ",\ndata: \"type\"", StringComparison.Ordinal);

        var seen = new ChatGrammar().Stream(Encoding.UTF8.GetBytes(body));

        Assert.Equal(new SeenError("t", null, "m"), seen.Error);
    }

    [Fact]
    public void Message_Names_EventRuleAndText()
    {
        var refusal = Assert.Throws<GrammarException>(() => new ChatGrammar().Stream(Encoding.UTF8.GetBytes(Good + "data: late\n\n")));

        Assert.Equal("event 3 breaks done-last:  late", refusal.Message);
    }
}
