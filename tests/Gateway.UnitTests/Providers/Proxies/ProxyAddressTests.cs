using AIHigress.Gateway.Features.Administration.Proxies;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.UnitTests.Providers.Proxies;

public sealed class ProxyAddressTests
{
    [Theory]
    [InlineData("proxy.test:3128", ProxyScheme.Http, "proxy.test", 3128, "", null)]
    [InlineData("10.0.0.1:8080:user:pass", ProxyScheme.Http, "10.0.0.1", 8080, "user", "pass")]
    [InlineData("10.0.0.1:8080:user:pa:ss@word", ProxyScheme.Http, "10.0.0.1", 8080, "user", "pa:ss@word")]
    [InlineData("user:pass@proxy.test:8080", ProxyScheme.Http, "proxy.test", 8080, "user", "pass")]
    [InlineData("http://proxy.test", ProxyScheme.Http, "proxy.test", 80, "", null)]
    [InlineData("https://u:p@Proxy.Test/", ProxyScheme.Https, "proxy.test", 443, "u", "p")]
    [InlineData("socks5://u:p%40ss@proxy.test:1081", ProxyScheme.Socks5, "proxy.test", 1081, "u", "p@ss")]
    [InlineData("SOCKS5H://proxy.test", ProxyScheme.Socks5h, "proxy.test", 1080, "", null)]
    [InlineData("[2001:db8::1]:3128", ProxyScheme.Http, "2001:db8::1", 3128, "", null)]
    [InlineData("http://[2001:db8::1]:3128", ProxyScheme.Http, "2001:db8::1", 3128, "", null)]
    public void Parse_EachForm_IsRead(string text, ProxyScheme scheme, string host, int port, string user, string? password)
    {
        var proxy = ProxyAddress.Parse(text);

        Assert.NotNull(proxy);
        Assert.Equal((scheme, host, port, user, password), (proxy.Scheme, proxy.Host, proxy.Port, proxy.Username, proxy.Password));
    }

    [Theory]
    [InlineData("proxy.test")]
    [InlineData("proxy.test:")]
    [InlineData("proxy.test:0")]
    [InlineData("proxy.test:65536")]
    [InlineData("proxy.test:80:user")]
    [InlineData("ftp://proxy.test:21")]
    [InlineData("socks4://proxy.test:1080")]
    [InlineData("http://")]
    [InlineData("http://bad host:80")]
    [InlineData("proxy_test/path:80")]
    [InlineData("[2001:db8::1:3128")]
    [InlineData("http://u%0d%0aX:p@proxy.test")]
    [InlineData(":80")]
    public void Parse_Anything_Else_IsNone(string text) => Assert.Null(ProxyAddress.Parse(text));

    [Fact]
    public void ToString_WithPassword_NeverShowsIt()
    {
        var proxy = ProxyAddress.Parse("http://user:canary@proxy.test:1")!;

        Assert.Equal("proxy.test:1", proxy.ToString());
        Assert.Equal("[2001:db8::1]:3128", ProxyAddress.Parse("[2001:db8::1]:3128")!.Name);
    }

    [Fact]
    public void Lines_Mixed_EachBadOneIsNamedAndNoneRepeated()
    {
        var read = ProxyLines.Read("# list\n\nproxy.test:1\r\nnonsense\n  PROXY.test:1  \nsocks5://proxy.test:1\n", ProxyScheme.Http);

        Assert.Equal([ProxyScheme.Http, ProxyScheme.Socks5], read.Proxies.Select(p => p.Scheme));
        Assert.Equal(1, read.Repeated);
        Assert.Equal([4], read.Faults.Select(f => f.Line));
    }

    [Fact]
    public void Lines_TooMany_StopsAtTheLimit()
    {
        var read = ProxyLines.Read(string.Join('\n', Enumerable.Range(1, 6000).Select(i => $"proxy{i}.test:1")), ProxyScheme.Http);

        Assert.Equal(ProxyLines.Most, read.Proxies.Count);
        Assert.Equal([5001], read.Faults.Select(f => f.Line));
    }
}
