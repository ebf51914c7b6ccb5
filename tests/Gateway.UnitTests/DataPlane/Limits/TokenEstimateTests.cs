using System.Text;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.DataPlane.Limits;

public sealed class TokenEstimateTests
{
    [Fact]
    public void Of_ChatRequest_IsPromptAndEveryAllowedAnswer()
    {
        var text = new string('x', 400);

        Assert.Equal(100 + 30, TokenEstimate.Of(Chat($$"""{"model":"m","max_completion_tokens":30,"messages":[{"role":"user","content":"{{text}}"}]}""")));
        Assert.Equal(100 + 60, TokenEstimate.Of(Chat($$"""{"model":"m","n":2,"max_tokens":30,"messages":[{"role":"user","content":"{{text}}"}]}""")));
        Assert.Equal(100 + TokenEstimate.UsualOutput, TokenEstimate.Of(Chat($$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}]}""")));
    }

    [Fact]
    public void Of_MessagesWithAnImage_DoesNotTakeItsBytesForText()
    {
        var image = Convert.ToBase64String(new byte[300_000]);
        var call = Messages($$$"""{"model":"m","max_tokens":10,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{image}}}"}}]}]}""");

        Assert.InRange(TokenEstimate.Of(call), 1500, 1600);
    }

    [Fact]
    public void Of_LongTextInMessages_IsCounted()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 8000));

        Assert.InRange(TokenEstimate.Of(Messages($$"""{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"{{text}}"}]}""")), 10_000, 10_100);
    }

    [Fact]
    public void Of_HugeBoundOnOutput_DoesNotOverflow() =>
        Assert.True(TokenEstimate.Of(Chat("""{"model":"m","n":128,"max_tokens":9223372036854775807,"messages":[]}""")) > 0);

    private static InboundCall Chat(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return new InboundCall(ClientEndpoint.Chat, PooledBody.Own(body), "m", stream: false, RequestChoices.None) { ChatHead = ChatRequestScanner.Scan(body) };
    }

    private static InboundCall Messages(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return new InboundCall(ClientEndpoint.Messages, PooledBody.Own(body), "m", stream: false, RequestChoices.None) { Head = BodyHeadScanner.Scan(body, needsModel: true) };
    }
}
