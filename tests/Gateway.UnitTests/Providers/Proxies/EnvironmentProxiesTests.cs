using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.UnitTests.Providers.Proxies;

public sealed class EnvironmentProxiesTests
{
    [Theory]
    [InlineData("http://api.test/v1", "plain.test:3128")]
    [InlineData("https://api.test/v1", "secure.test:3129")]
    [InlineData("http://localhost:8080/v1", null)]
    [InlineData("http://127.0.0.2/v1", null)]
    [InlineData("http://[::1]/v1", null)]
    [InlineData("https://inside.example/v1", null)]
    [InlineData("https://deep.inside.example/v1", null)]
    [InlineData("https://notinside.example/v1", "secure.test:3129")]
    [InlineData("https://sub.dotted.example/v1", null)]
    [InlineData("https://10.1.2.3/v1", null)]
    [InlineData("https://11.1.2.3/v1", "secure.test:3129")]
    [InlineData("https://192.0.2.7/v1", null)]
    [InlineData("https://ported.example:8443/v1", null)]
    [InlineData("https://ported.example/v1", "secure.test:3129")]
    public void For_EachTarget_AsTheVariablesSay(string target, string? proxy)
    {
        var environment = new EnvironmentProxies(Options.Create(new UpstreamProxyOptions
        {
            HttpProxy = "plain.test:3128",
            HttpsProxy = "http://user:pass@secure.test:3129",
            NoProxy = "inside.example, .dotted.example,10.0.0.0/8 192.0.2.7,ported.example:8443",
        }));

        Assert.Equal(proxy, environment.For(new Uri(target))?.Name);
    }

    [Fact]
    public void For_StarOrNothing_NoProxy()
    {
        Assert.Null(new EnvironmentProxies(Options.Create(new UpstreamProxyOptions { HttpProxy = "p.test:1", NoProxy = "*" })).For(new Uri("http://api.test")));
        Assert.Null(new EnvironmentProxies(Options.Create(new UpstreamProxyOptions())).For(new Uri("http://api.test")));
    }
}
