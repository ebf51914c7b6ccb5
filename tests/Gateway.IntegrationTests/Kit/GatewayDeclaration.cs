using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Kit;

/// <summary>
/// A gateway.yaml in the making, with the environment that its references name. It is written as JSON, which YAML
/// includes, so that no text needs escaping rules of its own.
/// </summary>
public sealed class GatewayDeclaration
{
    public const string AdminEmail = "admin@example.com";
    public const string AdminPassword = "Correct-horse-7-battery";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly List<Dictionary<string, object>> _providers = [];
    private readonly List<Dictionary<string, object>> _models = [];
    private readonly List<Dictionary<string, object>> _keys = [];

    /// <summary>Settings and secrets of the process.</summary>
    public Dictionary<string, string> Environment { get; } = new()
    {
        ["DEFAULT_ADMIN_EMAIL"] = AdminEmail,
        ["DEFAULT_ADMIN_PASSWORD"] = AdminPassword,
        ["LOG_LEVEL"] = "WARNING",
        ["LOG_FORMAT"] = "text",
    };

    /// <summary>The secret of a provider's key, as a mock sees it.</summary>
    public static string SecretOf(string provider, string label = "main") => $"sk-upstream-canary-{provider}-{label}";

    /// <summary>An OpenAI-compatible provider with the keys named.</summary>
    public GatewayDeclaration Provider(string id, Uri baseUrl, Timeouts? timeouts = null, int? maxConcurrency = null, params string[] keys) =>
        Provider(id, "openai", baseUrl, timeouts, maxConcurrency, keys);

    /// <summary>A provider of any kind.</summary>
    public GatewayDeclaration Provider(string id, string kind, Uri baseUrl, Timeouts? timeouts = null, int? maxConcurrency = null, params string[] keys)
    {
        var provider = new Dictionary<string, object>
        {
            ["id"] = id,
            ["kind"] = kind,
            ["base_url"] = baseUrl.AbsoluteUri,
            ["models"] = Array.Empty<string>(),
            ["keys"] = (keys.Length == 0 ? ["main"] : keys).Select(label => Key(id, label)).ToArray(),
        };
        if (timeouts is not null)
        {
            provider["timeouts"] = new Dictionary<string, int>
            {
                ["ttft_ms"] = timeouts.TtftMs,
                ["idle_ms"] = timeouts.IdleMs,
                ["total_ms"] = timeouts.TotalMs,
            };
        }

        if (maxConcurrency is { } most)
        {
            provider["max_concurrency"] = most;
        }

        _providers.Add(provider);
        return this;
    }

    /// <summary>A provider that is asked for its models.</summary>
    public GatewayDeclaration DiscoveredProvider(string id, string kind, Uri baseUrl)
    {
        Provider(id, kind, baseUrl);
        _providers[^1].Remove("models");
        return this;
    }

    /// <summary>A logical model whose upstreams are tried in this order.</summary>
    public GatewayDeclaration Model(string id, params (string Provider, string Model)[] upstreams) => Model(id, "priority", upstreams);

    public GatewayDeclaration Model(string id, string strategy, (string Provider, string Model)[] upstreams, params string[] aliases)
    {
        _models.Add(new()
        {
            ["id"] = id,
            ["aliases"] = aliases,
            ["strategy"] = strategy,
            ["upstreams"] = upstreams.Select(u => new { provider = u.Provider, model = u.Model }).ToArray(),
        });
        return this;
    }

    /// <summary>A further field of the model declared last.</summary>
    public GatewayDeclaration With(string field, object value)
    {
        _models[^1][field] = value;
        return this;
    }

    public GatewayDeclaration ApiKey(string name, string token, string user = AdminEmail, params string[] allowedModels)
    {
        var variable = "CANARY_API_KEY_" + _keys.Count;
        Environment[variable] = token;
        _keys.Add(new() { ["name"] = name, ["key"] = "env:" + variable, ["user"] = user, ["allowed_models"] = allowedModels });
        return this;
    }

    /// <summary>A key whose requests go to one provider only.</summary>
    public GatewayDeclaration PinnedApiKey(string name, string token, string provider)
    {
        ApiKey(name, token);
        _keys[^1]["allowed_provider_ids"] = new[] { provider };
        return this;
    }

    public string Text() => JsonSerializer.Serialize(
        new Dictionary<string, object> { ["providers"] = _providers, ["logical_models"] = _models, ["api_keys"] = _keys }, Indented);

    private Dictionary<string, string> Key(string provider, string label)
    {
        var variable = $"CANARY_{provider}_{label}".Replace('-', '_').ToUpperInvariant();
        Environment[variable] = SecretOf(provider, label);
        return new() { ["label"] = label, ["key"] = "env:" + variable };
    }

    /// <summary>A provider's times in milliseconds.</summary>
    public sealed record Timeouts(int TtftMs, int IdleMs, int TotalMs)
    {
        /// <summary>For upstreams that hang: short, but long enough for a busy machine to answer at all.</summary>
        public static readonly Timeouts Short = new(1000, 1000, 1500);
    }
}
