using System.Net;
using System.Net.Sockets;
using AIHigress.Gateway.Common;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Hosts;

/// <summary>
/// Judges the host of a base URL when it is saved. What counts is the check at connect time; this one is there so
/// that a person learns at once, and in words, that a provider could never be called.
/// </summary>
internal sealed class UpstreamHosts(IOptionsMonitor<ProvidersOptions> options, INameResolver names)
{
    private static readonly TimeSpan ResolveWithin = TimeSpan.FromSeconds(2);

    /// <summary>Whether a host lies on a private network, as far as can be told now.</summary>
    /// <param name="uri">The normalized base URL.</param>
    /// <param name="byAdministrator">Administrators and gateway.yaml may name private hosts and any port.</param>
    /// <param name="errors">Gets the faults.</param>
    /// <param name="path">The field they belong to.</param>
    /// <param name="cancellationToken">Ends the name look-up.</param>
    public async Task<HostVerdict> JudgeAsync(Uri uri, bool byAdministrator, FieldErrors errors, string path, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(uri, cancellationToken);
        if (addresses.Any(address => AddressClass.Of(address) == AddressReach.Forbidden))
        {
            errors.Add(path, "forbidden_host", "names a link-local or metadata address, which is never called");
            return default;
        }

        var isPrivate = IsPrivateName(uri) || addresses.Any(address => AddressClass.Of(address) == AddressReach.Private);
        if (byAdministrator)
        {
            return new HostVerdict(AllowPrivateHost: true, isPrivate);
        }

        var allowed = UpstreamAllowList.Parse(options.CurrentValue);
        if (!allowed.Ports.Contains(uri.Port))
        {
            errors.Add(path, "forbidden_port", $"must use one of the ports {string.Join(", ", allowed.Ports)}; ask an administrator for others");
        }

        var named = allowed.NamesHost(uri.IdnHost);
        if (isPrivate && !named && !(addresses.Count > 0 && addresses.All(allowed.Covers)))
        {
            errors.Add(path, "private_host", "names a private host; an administrator can add such a provider, or allow the host with ALLOWED_PRIVATE_UPSTREAMS");
        }

        return new HostVerdict(AllowPrivateHost: isPrivate && named, isPrivate);
    }

    private async Task<IReadOnlyList<IPAddress>> AddressesAsync(Uri uri, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var literal))
        {
            return [literal];
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ResolveWithin);
        try
        {
            return await names.ResolveAsync(uri.IdnHost, timeout.Token);
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A name that does not resolve now may do so later; the check at connect time decides then.
            return [];
        }
    }

    private static bool IsPrivateName(Uri uri)
    {
        var host = uri.IdnHost.TrimEnd('.');
        return uri.HostNameType == UriHostNameType.Dns
            && (!host.Contains('.', StringComparison.Ordinal)
                || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
                || host.EndsWith(".local", StringComparison.OrdinalIgnoreCase)
                || host.EndsWith(".internal", StringComparison.OrdinalIgnoreCase));
    }
}

/// <param name="AllowPrivateHost">Goes into <see cref="Provider.AllowPrivateHost"/>.</param>
/// <param name="IsPrivate">The host looks private: worth a warning to an administrator.</param>
internal readonly record struct HostVerdict(bool AllowPrivateHost, bool IsPrivate);

/// <summary>Name look-up, replaceable so that tests need no network.</summary>
internal interface INameResolver
{
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}

internal sealed class SystemNameResolver : INameResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken);
}
