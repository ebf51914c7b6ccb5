namespace AIHigress.Gateway.Features.Models;

/// <summary>What upstreams cost, for comparing them.</summary>
public interface ICostBook
{
    /// <summary>0 (free) … 1 (the dearest that is known); null when nothing is known of this upstream's price.</summary>
    double? NormOf(UpstreamRoute upstream);
}

/// <summary>Knows no price.</summary>
internal sealed class UnknownCosts : ICostBook
{
    public static readonly UnknownCosts Instance = new();

    public double? NormOf(UpstreamRoute upstream) => null;
}
