using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Providers.Hosts;

namespace AIHigress.Gateway.UnitTests.Providers;

public sealed class BaseUrlTests
{
    [Theory]
    [InlineData("https://api.openai.com", "https://api.openai.com/v1")]
    [InlineData("https://api.openai.com/", "https://api.openai.com/v1")]
    [InlineData("https://api.openai.com/v1/", "https://api.openai.com/v1")]
    [InlineData("https://host.test/openai/deployments", "https://host.test/openai/deployments")]
    [InlineData("HTTP://Host.Test:8080", "http://host.test:8080/v1")]
    [InlineData("https://host.test:443/x", "https://host.test/x")]
    [InlineData("http://[::1]:9000", "http://[::1]:9000/v1")]
    [InlineData("http://2130706433/v1", "http://127.0.0.1/v1")]
    [InlineData("http://0x7f.1/v1", "http://127.0.0.1/v1")]
    [InlineData("https://bücher.test/v1", "https://xn--bcher-kva.test/v1")]
    public void Parse_GoodUrl_Normalized(string text, string expected)
    {
        var errors = new FieldErrors();

        var uri = BaseUrl.Parse(text, "openai", errors);

        Assert.False(errors.Any);
        Assert.Equal(expected, uri!.AbsoluteUri.TrimEnd('/'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("api.openai.com/v1")]
    [InlineData("/v1")]
    [InlineData("ftp://host.test")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:secret@host.test/v1")]
    [InlineData("https://host.test@evil.test/v1")]
    [InlineData("https://host.test/v1?key=1")]
    [InlineData("https://host.test/v1?")]
    [InlineData("https://host.test/v1#x")]
    [InlineData("https://host.test/ v1")]
    [InlineData("https://host.test\\@evil.test")]
    [InlineData("https://")]
    public void Parse_BadUrl_OneFaultOfTheField(string text)
    {
        var errors = new FieldErrors();

        Assert.Null(BaseUrl.Parse(text, "openai", errors));
        Assert.Equal("base_url", Assert.Single(errors.All).Path);
    }
}
