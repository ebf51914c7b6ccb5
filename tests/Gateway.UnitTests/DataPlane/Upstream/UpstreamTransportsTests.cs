using AIHigress.Gateway.DataPlane;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.UnitTests.Providers.Proxies;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.UnitTests.DataPlane.Upstream;

/// <summary>No private place is reached over the guarded connections, and what they throw is what callers expect.</summary>
public sealed class UpstreamTransportsTests
{
    [Theory]
    [InlineData("http://0.0.0.0:9/")]
    [InlineData("http://[::]:9/")]
    [InlineData("http://127.0.0.1:9/")]
    [InlineData("http://[::1]:9/")]
    [InlineData("http://[::ffff:127.0.0.1]:9/")]
    [InlineData("http://[::ffff:0.0.0.0]:9/")]
    [InlineData("http://10.0.0.1:9/")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    public async Task Media_PrivateAddress_IsRefusedByTheGuard(string address)
    {
        using var transports = new UpstreamTransports(Options.Create(new DataPlaneOptions()), Options.Create(new ProvidersOptions()), Pools.New(), null!);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        var thrown = await Record.ExceptionAsync(() => transports.Media.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.True(thrown is HttpRequestException or Microsoft.Security.AntiSSRF.AntiSSRFException, $"{thrown}");
    }
}
