using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.ApiKeys;

namespace AIHigress.Gateway.Features.Models.Routes;

/// <summary>Looks a key's lists up in the route table. What the owner can't see is not there, so a warning tells nothing about others.</summary>
internal sealed class KeyTargets(RouteTables routes) : IKeyTargets
{
    public bool HasProvider(Guid owner, string providerId) =>
        routes.Current.Providers.TryGetValue(providerId, out var provider) && provider.IsVisibleTo(Owner(owner));

    public bool HasModel(Guid owner, string pattern)
    {
        var caller = Owner(owner);
        if (!pattern.EndsWith('*'))
        {
            return routes.Current.Resolve(pattern) is { } route && route.IsUsableBy(caller);
        }

        var prefix = pattern[..^1];
        return routes.Current.Names.Any(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal) && pair.Value.IsUsableBy(caller));
    }

    private static ApiCaller Owner(Guid owner) => new() { KeyId = Guid.Empty, KeyName = "", UserId = owner };
}
