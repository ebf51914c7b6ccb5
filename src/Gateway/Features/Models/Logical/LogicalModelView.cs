using System.Text.Json.Serialization;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>A logical model as its viewer may see it: upstreams at providers the viewer can't see are only counted.</summary>
public sealed record LogicalModelView
{
    public required string Id { get; init; }
    public required string Origin { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public string[] Aliases { get; init; } = [];
    public string? Strategy { get; init; }
    public required IReadOnlyList<UpstreamView> Upstreams { get; init; }
    public int HiddenUpstreams { get; init; }
    public string[] Fallbacks { get; init; } = [];
    public string Affinity { get; init; } = "none";
    public LogicalModelTimeouts? Timeouts { get; init; }

    [JsonConverter(typeof(NumberOrWord))]
    public string? HedgeAfter { get; init; }
    public ThroughputGuardInput? ThroughputGuard { get; init; }
    public bool Continuation { get; init; }
    public string BanditReward { get; init; } = "success";
    public bool Enabled { get; init; } = true;
    public string[] Tags { get; init; } = [];
    public string? ManagedBy { get; init; }

    /// <summary>Null for automatic models, which are not stored.</summary>
    public int? Version { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Only on the answer to a write.</summary>
    public IReadOnlyList<Warning>? Warnings { get; init; }

    internal static LogicalModelView Of(LogicalModel model, ModelVisibility visibility)
    {
        var upstreams = model.Upstreams.Select(u => new UpstreamView(u.Provider, u.Model, u.Weight, u.Enabled)).Where(u => visibility.Shows(u.Provider)).ToList();
        return new LogicalModelView
        {
            Id = model.Id,
            Origin = model.ManagedBy == Data.ManagedBy.Configuration ? "configuration" : "explicit",
            DisplayName = model.DisplayName,
            Description = model.Description,
            Aliases = model.Aliases,
            Strategy = model.Strategy,
            Upstreams = upstreams,
            HiddenUpstreams = model.Upstreams.Count - upstreams.Count,
            Fallbacks = model.Fallbacks,
            Affinity = EnumFilter.Name(model.Affinity),
            Timeouts = new LogicalModelTimeouts(model.TtftTimeoutMs, model.IdleTimeoutMs, model.TotalTimeoutMs),
            HedgeAfter = model.HedgeAfter,
            ThroughputGuard = new ThroughputGuardInput(model.MinCharsPerSecond),
            Continuation = model.Continuation,
            BanditReward = EnumFilter.Name(model.BanditReward),
            Enabled = model.Enabled,
            Tags = model.Tags,
            ManagedBy = model.ManagedBy,
            Version = model.Version,
            CreatedAt = model.CreatedAt,
            UpdatedAt = model.UpdatedAt,
        };
    }

    internal static LogicalModelView Of(LogicalRoute automatic, ModelVisibility visibility)
    {
        var upstreams = automatic.Upstreams.Where(u => visibility.Shows(u.Provider.Id))
            .Select(u => new UpstreamView(u.Provider.Id, u.Model, (int)u.Weight, u.Enabled)).ToList();
        return new LogicalModelView
        {
            Id = automatic.Id,
            Origin = "automatic",
            Strategy = automatic.Strategy is { } strategy ? StrategyNames.Of(strategy) : null,
            Upstreams = upstreams,
            HiddenUpstreams = automatic.Upstreams.Count - upstreams.Count,
            CreatedAt = automatic.CreatedAt,
        };
    }
}

/// <summary>One upstream of a logical model.</summary>
public sealed record UpstreamView(string Provider, string Model, int Weight, bool Enabled);
