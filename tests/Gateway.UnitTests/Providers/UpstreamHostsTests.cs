using System.Net;
using System.Net.Sockets;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Hosts;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.UnitTests.Providers;

public sealed class UpstreamHostsTests
{
    [Theory]
    [InlineData("8.8.8.8", AddressReach.Public)]
    [InlineData("2606:4700:4700::1111", AddressReach.Public)]
    [InlineData("127.0.0.1", AddressReach.Private)]
    [InlineData("127.8.8.8", AddressReach.Private)]
    [InlineData("::1", AddressReach.Private)]
    [InlineData("10.1.2.3", AddressReach.Private)]
    [InlineData("172.31.0.1", AddressReach.Private)]
    [InlineData("192.168.1.1", AddressReach.Private)]
    [InlineData("100.64.0.1", AddressReach.Private)]
    [InlineData("fd00::1", AddressReach.Private)]
    [InlineData("::ffff:10.0.0.1", AddressReach.Private)]
    [InlineData("169.254.169.254", AddressReach.Forbidden)]
    [InlineData("::ffff:169.254.169.254", AddressReach.Forbidden)]
    [InlineData("fe80::1", AddressReach.Forbidden)]
    [InlineData("0.0.0.0", AddressReach.Forbidden)]
    [InlineData("::", AddressReach.Forbidden)]
    public void Of_Address_Sorted(string address, object reach) => Assert.Equal(reach, AddressClass.Of(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1/v1")]
    [InlineData("http://[::1]/v1")]
    [InlineData("http://2130706433/v1")]
    [InlineData("https://localhost/v1")]
    [InlineData("https://intranet/v1")]
    [InlineData("https://metadata.google.internal/v1")]
    [InlineData("https://rebound.test/v1")]
    public async Task Judge_UserNamesPrivateHost_Refused(string url)
    {
        var (errors, _) = await JudgeAsync(url, administrator: false);

        Assert.Equal("private_host", Assert.Single(errors.All).Problem.Code);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("http://[fe80::1]/v1")]
    [InlineData("http://0.0.0.0/v1")]
    public async Task Judge_MetadataAddress_RefusedForAdministratorsToo(string url)
    {
        var (errors, _) = await JudgeAsync(url, administrator: true);

        Assert.Equal("forbidden_host", Assert.Single(errors.All).Problem.Code);
    }

    [Fact]
    public async Task Judge_AdministratorNamesPrivateHost_AllowedAndWorthAWarning()
    {
        var (errors, verdict) = await JudgeAsync("http://10.0.0.5:8080/v1", administrator: true);

        Assert.False(errors.Any);
        Assert.Equal(new HostVerdict(true, true), verdict);
    }

    [Fact]
    public async Task Judge_UserNamesPublicHost_AllowedWithoutPrivateAccess()
    {
        var (errors, verdict) = await JudgeAsync("https://public.test/v1", administrator: false);

        Assert.False(errors.Any);
        Assert.Equal(new HostVerdict(false, false), verdict);
    }

    [Fact]
    public async Task Judge_NameDoesNotResolve_LeftToTheCheckAtConnectTime()
    {
        var (errors, verdict) = await JudgeAsync("https://unknown.test/v1", administrator: false);

        Assert.False(errors.Any);
        Assert.False(verdict.AllowPrivateHost);
    }

    [Fact]
    public async Task Judge_UserNamesOtherPort_Refused()
    {
        var (errors, _) = await JudgeAsync("https://public.test:8443/v1", administrator: false);

        Assert.Equal("forbidden_port", Assert.Single(errors.All).Problem.Code);
    }

    [Theory]
    [InlineData("rebound.test", true)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("10.9.9.9", false)]
    public async Task Judge_PrivateHostIsListed_Allowed(string listed, bool allowsPrivate)
    {
        var (errors, verdict) = await JudgeAsync("https://rebound.test/v1", administrator: false, listed);

        Assert.False(errors.Any);
        Assert.Equal(allowsPrivate, verdict.AllowPrivateHost);
    }

    private static async Task<(FieldErrors Errors, HostVerdict Verdict)> JudgeAsync(string url, bool administrator, string allowed = "")
    {
        var errors = new FieldErrors();
        var hosts = new UpstreamHosts(new FixedOptions(new ProvidersOptions { AllowedPrivateUpstreams = allowed }), new Names());
        var verdict = await hosts.JudgeAsync(new Uri(url), administrator, errors, "base_url", CancellationToken.None);
        return (errors, verdict);
    }

    private sealed class Names : INameResolver
    {
        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) => host switch
        {
            "public.test" => Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse("8.8.8.8")]),
            "rebound.test" => Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse("8.8.8.8"), IPAddress.Parse("10.9.9.9")]),
            _ => throw new SocketException((int)SocketError.HostNotFound),
        };
    }

    private sealed class FixedOptions(ProvidersOptions value) : IOptionsMonitor<ProvidersOptions>
    {
        public ProvidersOptions CurrentValue => value;

        public ProvidersOptions Get(string? name) => value;

        public IDisposable? OnChange(Action<ProvidersOptions, string?> listener) => null;
    }
}
