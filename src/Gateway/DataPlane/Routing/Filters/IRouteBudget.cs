using AIHigress.Gateway.Features.Models;

namespace AIHigress.Gateway.DataPlane.Routing.Filters;

/// <summary>Says whether the caller can pay for a request at an upstream; asked last, of those that pass everything else.</summary>
internal interface IRouteBudget
{
    bool Affords(RouteQuery query, UpstreamRoute upstream);
}

/// <summary>Nothing costs anything as long as no prices are known.</summary>
internal sealed class FreeOfCharge : IRouteBudget
{
    public bool Affords(RouteQuery query, UpstreamRoute upstream) => true;
}
