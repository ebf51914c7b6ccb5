using System.ComponentModel;

namespace AIHigress.Gateway.Features.Providers.Catalogue;

/// <summary>A model of a provider.</summary>
public sealed record ProviderModelView(
    string Model,
    ProviderModelSource Source,
    string? Alias,
    string[]? Capabilities,
    int? ContextLength,
    int? MaxOutput,
    bool Disabled,
    DateTimeOffset? MissingSince,
    DateTimeOffset? LastSeenAt,
    int Version)
{
    public static ProviderModelView Of(ProviderModel model) => new(
        model.Model, model.Source, model.Alias, model.Capabilities, model.ContextLength, model.MaxOutput, model.Disabled,
        model.MissingSince, model.LastSeenAt, model.Version);
}

/// <summary>A merge patch of a provider's model; discovery never overwrites it.</summary>
public sealed record EditProviderModel
{
    [Description("Another name for it; its own id keeps working.")]
    public string? Alias { get; init; }
    public bool? Disabled { get; init; }

    [Description("What it can do; null = unknown.")]
    public string[]? Capabilities { get; init; }
    public int? ContextLength { get; init; }
    public int? MaxOutput { get; init; }
}

/// <summary>The capabilities that models are described with.</summary>
internal static class ModelCapabilities
{
    public static readonly IReadOnlyList<string> All =
    [
        "chat", "completion", "embedding", "rerank", "vision", "audio_in", "audio_out", "image_generation", "tools", "json_schema", "reasoning",
    ];
}

/// <summary>The rule of names that clients may send as model.</summary>
internal static class ModelNameRule
{
    public const string Text = "must be 1 to 128 characters of A-Z, a-z, 0-9 and . _ : / -";

    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= 128 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '/' or '-');
}
