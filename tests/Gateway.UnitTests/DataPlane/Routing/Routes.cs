using System.Collections.Frozen;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

/// <summary>Routes and callers for planner tests.</summary>
internal static class Routes
{
    public static ApiCaller Caller(params string[] allowedProviders) => new()
    {
        KeyId = Guid.NewGuid(),
        KeyName = "test",
        UserId = Guid.NewGuid(),
        AllowedProviders = allowedProviders.ToFrozenSet(),
    };

    public static ProviderRoute Provider(string id, int keys = 1, int? maxQps = null, int? maxConcurrency = null) => new()
    {
        Id = id,
        Kind = ProviderKinds.OpenAI,
        BaseUrl = new Uri($"https://{id}.example/v1"),
        MaxQps = maxQps,
        MaxConcurrency = maxConcurrency,
        Keys = [.. Enumerable.Range(1, keys).Select(n => Key($"{id}-{n}"))],
    };

    public static ProviderKeyRoute Key(string secret, double weight = 1, int? maxQps = null, int? maxConcurrency = null, int? rpm = null, long? tpm = null) => new()
    {
        Id = Guid.NewGuid(),
        Label = secret,
        Hint = "",
        Secret = secret,
        Weight = weight,
        MaxQps = maxQps,
        MaxConcurrency = maxConcurrency,
        Rpm = rpm,
        Tpm = tpm,
    };

    public static UpstreamRoute Upstream(ProviderRoute provider, double weight = 1, bool enabled = true) => new()
    {
        Key = $"model|{provider.Id}|m",
        Provider = provider,
        Model = "m",
        Weight = weight,
        Enabled = enabled,
    };

    public static LogicalRoute Model(params UpstreamRoute[] upstreams) => Model("model", upstreams);

    public static LogicalRoute Model(string id, UpstreamRoute[] upstreams, params string[] fallbacks) => new()
    {
        Id = id,
        Origin = RouteOrigin.Explicit,
        Strategy = RoutingStrategy.Priority,
        Upstreams = upstreams,
        Fallbacks = fallbacks,
    };

    public static RouteTable Table(params LogicalRoute[] models) =>
        new(models.Select(m => KeyValuePair.Create(m.Id, m)), models.SelectMany(m => m.Upstreams).Select(u => u.Provider).DistinctBy(p => p.Id), 1);
}
