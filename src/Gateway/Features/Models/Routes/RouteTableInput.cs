using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;

namespace AIHigress.Gateway.Features.Models.Routes;

/// <summary>What a route table is made of: live providers ready to call, the models they serve, the logical models.</summary>
/// <param name="Providers">All that are not deleted, whatever their status.</param>
/// <param name="Models">Every stored model of theirs, disabled and vanished ones included.</param>
/// <param name="Logical">Every explicit logical model.</param>
internal sealed record RouteTableInput(
    IReadOnlyList<ProviderRoute> Providers, IReadOnlyList<ServedModel> Models, IReadOnlyList<LogicalModel> Logical);

/// <summary>A provider's model as routing sees it.</summary>
/// <param name="Provider">Provider id.</param>
/// <param name="Model">Upstream id.</param>
/// <param name="Alias">A second name, or null.</param>
/// <param name="Routable">False when it is disabled, vanished, or not part of a hand-made list.</param>
/// <param name="CreatedAt">When it was first seen.</param>
internal sealed record ServedModel(string Provider, string Model, string? Alias, bool Routable, DateTimeOffset CreatedAt)
{
    /// <summary>Why it is not routable: model_disabled, model_missing or model_not_listed.</summary>
    public string? WhyOff { get; init; }

    /// <summary>Null = unknown.</summary>
    public RequestNeeds? Abilities { get; init; }

    /// <summary>Tokens; null = unknown.</summary>
    public int? ContextLength { get; init; }
}
