using AIHigress.Gateway.Features.Administration.Configuration.Yaml;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Budgets;
using AIHigress.Gateway.Features.Models.Logical;
using AIHigress.Gateway.Features.Providers.Editing;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>What a good gateway.yaml says; secrets are still references.</summary>
internal sealed record DeclaredConfiguration(
    string File,
    IReadOnlyList<DeclaredProvider> Providers,
    IReadOnlyList<DeclaredModel> LogicalModels,
    IReadOnlyList<DeclaredApiKey> ApiKeys,
    IReadOnlyList<DeclaredSetting> Settings);

/// <param name="Fields">Keys in it hold references.</param>
/// <param name="BaseUrl">Normalized.</param>
/// <param name="Place">For faults that only the database shows.</param>
internal sealed record DeclaredProvider(CreateProvider Fields, Uri BaseUrl, Place Place);

internal sealed record DeclaredModel(CreateLogicalModel Fields, Place Place);

internal sealed record DeclaredApiKey(string Name, string Reference, string User, string[] AllowedModels, string[] AllowedProviderIds, Place Place)
{
    public RequestLimits? Limits { get; init; }

    public KeyBudget? Budget { get; init; }
}

internal sealed record DeclaredSetting(string Name, string Value, bool IsReference, Place Place);

/// <summary>Where something stands in the file.</summary>
internal sealed record Place(int Line, string Path)
{
    public ConfigFault Fault(string field, string rule) => new(Line, field.Length == 0 ? Path : $"{Path}.{field}", rule);
}

/// <summary>gateway.yaml breaks rules; it was not applied, and the running state stays.</summary>
internal sealed class ConfigurationException(string file, IReadOnlyList<ConfigFault> faults)
    : Exception(string.Join("; ", faults.Select(f => f.In(file))))
{
    /// <summary>Each as "FILE:LINE: path: rule".</summary>
    public IReadOnlyList<string> Faults { get; } = [.. faults.OrderBy(f => f.Line).Select(f => f.In(file))];
}
