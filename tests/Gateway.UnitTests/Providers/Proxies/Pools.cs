using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.UnitTests.Providers.Proxies;

/// <summary>Pools and what goes into them.</summary>
internal static class Pools
{
    public static readonly ProxyPoolSettings Settings = ProxyPoolSettings.Initial with { Cooldown = TimeSpan.FromSeconds(120) };

    public static ProxyPool New(TimeProvider? time = null, UpstreamProxyOptions? options = null) =>
        new(new EnvironmentProxies(Options.Create(options ?? new UpstreamProxyOptions())), time ?? TimeProvider.System, NullLogger<ProxyPool>.Instance);

    public static ProxyRoute Route(string host) => new(Guid.CreateVersion7(), ProxyScheme.Http, host, 3128);

    public static ProxyEntry Entry(ProxyRoute route) => new(route, null, null, null, null);

    public static ProviderRoute Provider(string? proxy, bool required = false) => new()
    {
        Id = "p",
        Kind = ProviderKinds.OpenAI,
        BaseUrl = new Uri("https://api.public.test/v1"),
        Proxy = ProxyChoice.Parse(proxy)!.Value,
        ProxyRequired = required,
    };
}
