using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>Between a provider and the document that people edit.</summary>
internal static class ProviderMapping
{
    /// <summary>The document that a merge patch is applied to.</summary>
    public static EditProvider Document(Provider provider, IEnumerable<string> staticModels) => new()
    {
        Name = provider.Name,
        Description = provider.Description,
        Tags = provider.Tags,
        Region = provider.Region,
        Kind = provider.Kind,
        BaseUrl = provider.BaseUrl,
        Weight = provider.Weight,
        MaxQps = provider.MaxQps,
        MaxConcurrency = provider.MaxConcurrency,
        Timeouts = new ProviderTimeouts(provider.ConnectTimeoutMs, provider.TtftTimeoutMs, provider.IdleTimeoutMs, provider.TotalTimeoutMs),
        Auth = new ProviderAuth(provider.AuthStyle, provider.AuthName),
        Headers = provider.Headers,
        Query = provider.Query,
        Paths = provider.Paths,
        Proxy = provider.Proxy,
        ProxyRequired = provider.ProxyRequired,
        RetryableStatusCodes = provider.RetryableStatusCodes,
        Discovery = provider.Discovery,
        Probe = ProbeMapping.Of(provider),
        Models = [.. staticModels],
    };

    /// <summary>Writes every field but the base URL, which needs a judgement of its own; what is left out gets its default.</summary>
    public static void Apply(ProviderFields input, Provider provider)
    {
        provider.Name = input.Name!.Trim();
        provider.Description = input.Description;
        provider.Tags = input.Tags ?? [];
        provider.Region = input.Region;
        provider.Kind = input.Kind ?? ProviderKinds.OpenAI;
        provider.Weight = input.Weight ?? 1;
        provider.MaxQps = input.MaxQps;
        provider.MaxConcurrency = input.MaxConcurrency;
        provider.ConnectTimeoutMs = input.Timeouts?.ConnectMs;
        provider.TtftTimeoutMs = input.Timeouts?.TtftMs;
        provider.IdleTimeoutMs = input.Timeouts?.IdleMs;
        provider.TotalTimeoutMs = input.Timeouts?.TotalMs;
        var auth = input.Auth ?? ProviderKinds.UsualAuth(provider.Kind);
        provider.AuthStyle = auth.Style;
        provider.AuthName = auth.Name;
        provider.Headers = input.Headers ?? [];
        provider.Query = input.Query ?? [];
        provider.Paths = input.Paths ?? [];
        provider.Proxy = input.Proxy ?? ProxyChoice.Default;
        provider.ProxyRequired = input.ProxyRequired ?? false;
        provider.RetryableStatusCodes = input.RetryableStatusCodes?.Distinct().ToArray() ?? [];
        ProbeMapping.Apply(input.Probe, provider);
        provider.Discovery = input.Discovery ?? (input.Models is { Length: > 0 } ? ModelDiscovery.Off : ModelDiscovery.Auto);
    }

    public static ProviderModel StaticModel(string providerId, string model, DateTimeOffset now) => new()
    {
        ProviderId = providerId,
        Model = model,
        Source = ProviderModelSource.Static,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>What changed between two states of a provider, for the audit log.</summary>
    public static AuditDiff Diff(EditProvider before, EditProvider after) => new AuditDiff()
        .Add("name", before.Name, after.Name)
        .Add("description", before.Description, after.Description)
        .Add("tags", before.Tags, after.Tags)
        .Add("region", before.Region, after.Region)
        .Add("kind", before.Kind, after.Kind)
        .Add("base_url", before.BaseUrl, after.BaseUrl)
        .Add("weight", before.Weight, after.Weight)
        .Add("max_qps", before.MaxQps, after.MaxQps)
        .Add("max_concurrency", before.MaxConcurrency, after.MaxConcurrency)
        .Add("timeouts", before.Timeouts, after.Timeouts)
        .Add("auth", before.Auth, after.Auth)
        .Add("headers", before.Headers, after.Headers)
        .Add("query", before.Query, after.Query)
        .Add("paths", before.Paths, after.Paths)
        .Add("proxy", before.Proxy, after.Proxy)
        .Add("proxy_required", before.ProxyRequired, after.ProxyRequired)
        .Add("retryable_status_codes", before.RetryableStatusCodes, after.RetryableStatusCodes)
        .Add("discovery", before.Discovery, after.Discovery)
        .Add("probe", before.Probe, after.Probe)
        .Add("models", before.Models?.Order(StringComparer.Ordinal), after.Models?.Order(StringComparer.Ordinal));
}
