namespace AIHigress.Gateway.Features.Models.Policies;

/// <summary>Holds the routing policy in force; a request takes the reference once.</summary>
public sealed class RoutingPolicies
{
    private volatile RoutingPolicy _current = RoutingPolicy.Default;

    public RoutingPolicy Current => _current;

    public void Publish(RoutingPolicy policy) => _current = policy;
}
