using AIHigress.Gateway.DataPlane.Ingress;
using Microsoft.AspNetCore.Http;

namespace AIHigress.Gateway.UnitTests.DataPlane.Ingress;

public sealed class ClientIdentityTests
{
    [Theory]
    [InlineData("My App", "curl/8.1", "https://x.example/", "My App")]
    [InlineData("", "OpenAI/Python 1.2.3", "", "OpenAI")]
    [InlineData("", "curl", "", "curl")]
    [InlineData("", "Mozilla/5.0 (X11)", "https://chat.example/path", "chat.example")]
    [InlineData("", "Mozilla/5.0 (X11)", "not a url", "unknown")]
    [InlineData("", "", "", "unknown")]
    [InlineData("a\tb", "", "", "a b")]
    public void App_FromHeaders_IsTheFirstThatNamesOne(string title, string agent, string referer, string app)
    {
        Assert.Equal(app, ClientIdentity.App(new HeaderDictionary { ["X-Title"] = title, ["User-Agent"] = agent, ["Referer"] = referer }));
    }

    [Fact]
    public void App_Long_IsClipped()
    {
        Assert.Equal(80, ClientIdentity.App(new HeaderDictionary { ["X-Title"] = new string('x', 500) }).Length);
    }

    [Theory]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c3301", true)]
    [InlineData("3F2504E0-4F89-41D3-9A0C-0305E82C3301", true)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV", true)]
    [InlineData("01arz3ndektsv4rrffq69g5fav", true)]
    [InlineData("81ARZ3NDEKTSV4RRFFQ69G5FAV", false)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAU", false)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA", false)]
    [InlineData("3f2504e04f8941d39a0c0305e82c3301", false)]
    [InlineData("{3f2504e0-4f89-41d3-9a0c-0305e82c3301}", false)]
    [InlineData("id\r\nX-Evil: 1", false)]
    [InlineData("", false)]
    public void RequestId_OfTheClient_IsTakenOnlyIfItIsOne(string value, bool taken)
    {
        Assert.Equal(taken ? value : null, ClientIdentity.RequestId(new HeaderDictionary { ["X-Request-Id"] = value }));
    }
}
