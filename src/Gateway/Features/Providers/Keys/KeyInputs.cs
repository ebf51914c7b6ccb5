using System.ComponentModel;

namespace AIHigress.Gateway.Features.Providers.Keys;

/// <summary>A merge patch of a provider key; a new secret in key keeps the key's history.</summary>
public sealed record EditProviderKey
{
    public string? Label { get; init; }

    [Description("A new secret; shown to nobody.")]
    public string? Key { get; init; }
    public double? Weight { get; init; }
    public int? MaxQps { get; init; }

    [Description("Requests per minute.")]
    public int? Rpm { get; init; }

    [Description("Tokens per minute.")]
    public long? Tpm { get; init; }
    public int? MaxConcurrency { get; init; }

    [Description("active or disabled.")]
    public ProviderKeyStatus? Status { get; init; }
}
