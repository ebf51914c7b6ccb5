using System.ComponentModel;
using System.Text.Json.Serialization;
using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>What people choose about a logical model.</summary>
public record LogicalModelFields
{
    public string? DisplayName { get; init; }
    public string? Description { get; init; }

    [Description("Further names; ids and aliases share one name space.")]
    public string[]? Aliases { get; init; }

    [Description("In order, which matters for the strategy priority.")]
    public UpstreamInput[]? Upstreams { get; init; }

    [Description("Logical models to try when no upstream works; at most 5, no circle.")]
    public string[]? Fallbacks { get; init; }

    [Description("balanced, latency_first, cost_first, reliability_first, weighted, least_busy, priority or bandit; null = the routing policy's.")]
    public string? Strategy { get; init; }

    [Description("none, or prefix: prompts of one user that begin with the same system prompt and tools go to the same upstream, whose prompt cache then knows them. none when left out.")]
    public string? Affinity { get; init; }
    public LogicalModelTimeouts? Timeouts { get; init; }

    [Description("Milliseconds without a first token, or p95 (the upstream's own), after which a second attempt starts elsewhere; null = never.")]
    [JsonConverter(typeof(NumberOrWord))]
    public string? HedgeAfter { get; init; }
    public ThroughputGuardInput? ThroughputGuard { get; init; }

    [Description("An upstream that dies within a plain-text answer is followed by the next, which goes on from there. false when left out.")]
    public bool? Continuation { get; init; }

    [Description("What the strategy bandit learns from: success, ratings or both. success when left out.")]
    public string? BanditReward { get; init; }
    public bool? Enabled { get; init; }
    public string[]? Tags { get; init; }
}

/// <summary>A new logical model.</summary>
public sealed record CreateLogicalModel : LogicalModelFields
{
    [Description("1 to 128 characters of A-Z, a-z, 0-9 and . _ : / -; what clients send as model.")]
    public string? Id { get; init; }
}

/// <summary>A merge patch of a logical model.</summary>
public sealed record EditLogicalModel : LogicalModelFields;

/// <summary>One (provider, upstream model) with its share.</summary>
public sealed record UpstreamInput
{
    public string? Provider { get; init; }
    public string? Model { get; init; }

    [Description("0 to 1000; 1 when left out.")]
    public int? Weight { get; init; }
    public bool? Enabled { get; init; }
}

/// <summary>The characters per second that an upstream must show before its answer is passed on; null = any.</summary>
public sealed record ThroughputGuardInput(double? MinCharsPerSecond = null);

/// <summary>Milliseconds; null = the provider's or the server's own.</summary>
public sealed record LogicalModelTimeouts(int? TtftMs = null, int? IdleMs = null, int? TotalMs = null);
