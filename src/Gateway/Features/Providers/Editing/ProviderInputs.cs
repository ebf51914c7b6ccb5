using System.ComponentModel;

namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>What people choose about a provider. Everything may be left out of a change; absent keeps, null clears.</summary>
public record ProviderFields
{
    [Description("1 to 100 characters.")]
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string[]? Tags { get; init; }

    [Description("Where it is: up to 50 characters.")]
    public string? Region { get; init; }

    [Description("The wire format: openai.")]
    public string? Kind { get; init; }

    [Description("What the provider's own SDK would be given; a bare host gets the kind's usual prefix.")]
    public string? BaseUrl { get; init; }

    [Description("0 to 1000; 1 when left out.")]
    public int? Weight { get; init; }
    public int? MaxQps { get; init; }
    public int? MaxConcurrency { get; init; }
    public ProviderTimeouts? Timeouts { get; init; }
    public ProviderAuth? Auth { get; init; }

    [Description("Extra headers sent with every call; credentials belong into keys.")]
    public Dictionary<string, string>? Headers { get; init; }
    public Dictionary<string, string>? Query { get; init; }

    [Description("Other paths than the kind's own: operation to path.")]
    public Dictionary<string, string>? Paths { get; init; }

    [Description("default (HTTP_PROXY, HTTPS_PROXY, NO_PROXY), direct, pool, or the id of a proxy; default when left out.")]
    public string? Proxy { get; init; }

    [Description("Never call it directly: without a working proxy it is skipped.")]
    public bool? ProxyRequired { get; init; }

    [Description("Statuses that count as retryable besides the usual ones.")]
    public int[]? RetryableStatusCodes { get; init; }

    [Description("auto asks the provider for its models; off uses the list in models alone.")]
    public ModelDiscovery? Discovery { get; init; }

    [Description("How its health is probed.")]
    public ProbeSettings? Probe { get; init; }

    [Description("Models declared by hand; given without discovery they turn it off.")]
    public string[]? Models { get; init; }
}

/// <summary>A new provider.</summary>
public sealed record CreateProvider : ProviderFields
{
    [Description("2 to 50 characters of a-z, 0-9 and '-'; made from the name when left out. Never used again.")]
    public string? Id { get; init; }
    public NewProviderKey[]? Keys { get; init; }

    [Description("public (platform's, needs providers.manage_all) or private.")]
    public ProviderVisibility? Visibility { get; init; }

    [Description("Asks for the models in the background at once; true when left out.")]
    public bool? Check { get; init; }
}

/// <summary>A merge patch of a provider.</summary>
public sealed record EditProvider : ProviderFields;

/// <summary>Milliseconds; null = the server's own limits.</summary>
public sealed record ProviderTimeouts(int? ConnectMs = null, int? TtftMs = null, int? IdleMs = null, int? TotalMs = null);

/// <summary>How a provider's health is probed; what is left out has its default.</summary>
public sealed record ProbeSettings
{
    [Description("Sends tiny chats to see how the provider does; true when left out.")]
    public bool? Enabled { get; init; }

    [Description("60 to 86400; PROVIDER_PROBE_INTERVAL_SECONDS (300) when left out.")]
    public int? IntervalSeconds { get; init; }

    [Description("The upstream's model to chat with; the cheapest chat model when left out.")]
    public string? Model { get; init; }

    [Description("What to ask, up to 2000 characters; PROBE_PROMPT when left out.")]
    public string? Prompt { get; init; }

    [Description("Pauses the provider when it has been down for ten minutes, and resumes it after two good probes; true when left out.")]
    public bool? AutoPause { get; init; }
}

/// <summary>How the key is sent: as bearer token, in a header or query parameter of this name, or not at all.</summary>
public sealed record ProviderAuth(ProviderAuthStyle Style, string? Name = null);

/// <summary>A credential to add.</summary>
public sealed record NewProviderKey
{
    [Description("1 to 50 characters, unique within the provider.")]
    public string? Label { get; init; }

    [Description("The secret; shown to nobody.")]
    public string? Key { get; init; }

    [Description("0 to 100 in steps of 0.1; 0 = only when nothing else is left.")]
    public double? Weight { get; init; }
    public int? MaxQps { get; init; }

    [Description("Requests per minute.")]
    public int? Rpm { get; init; }

    [Description("Tokens per minute.")]
    public long? Tpm { get; init; }
    public int? MaxConcurrency { get; init; }
}
