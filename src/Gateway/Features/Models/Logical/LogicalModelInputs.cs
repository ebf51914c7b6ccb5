using System.ComponentModel;

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

    [Description("balanced, weighted or priority; null = the default.")]
    public string? Strategy { get; init; }
    public LogicalModelTimeouts? Timeouts { get; init; }
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

/// <summary>Milliseconds; null = the provider's or the server's own.</summary>
public sealed record LogicalModelTimeouts(int? TtftMs = null, int? IdleMs = null, int? TotalMs = null);
