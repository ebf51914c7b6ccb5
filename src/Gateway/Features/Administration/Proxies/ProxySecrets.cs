using System.Collections.Concurrent;
using System.Security.Cryptography;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>Opens proxy passwords, each ciphertext once.</summary>
internal sealed partial class ProxySecrets(SecretProtector protector, ILogger<ProxySecrets> logger)
{
    private readonly ConcurrentDictionary<string, string?> _opened = new(StringComparer.Ordinal);

    public ProtectedSecret? Protect(string? plaintext) => string.IsNullOrEmpty(plaintext) ? null : protector.Protect(plaintext);

    /// <summary>Null when the password can't be decrypted: such a proxy is left out until it is set again.</summary>
    public ProxyRoute? Route(UpstreamProxy proxy, bool fromRemoteList)
    {
        string? password = null;
        if (proxy.Password is { } secret && (password = _opened.GetOrAdd(secret.Ciphertext, (_, p) => TryOpen(p), proxy)) is null)
        {
            return null;
        }

        return new ProxyRoute(proxy.Id, proxy.Scheme, proxy.Host, proxy.Port) { Username = proxy.Username, Password = password, FromRemoteList = fromRemoteList };
    }

    /// <summary>Forgets every password that is not among the given ones.</summary>
    public void Keep(IEnumerable<UpstreamProxy> proxies)
    {
        var live = proxies.Select(p => p.Password?.Ciphertext).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var ciphertext in _opened.Keys)
        {
            if (!live.Contains(ciphertext))
            {
                _opened.TryRemove(ciphertext, out _);
            }
        }
    }

    private string? TryOpen(UpstreamProxy proxy)
    {
        try
        {
            return protector.Unprotect(proxy.Password!.Value);
        }
        catch (CryptographicException)
        {
            ProxyPasswordNotOpened(proxy.Host, proxy.Port);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The password of the proxy {Host}:{Port} can't be decrypted and the proxy is not used; set it again")]
    private partial void ProxyPasswordNotOpened(string host, int port);
}
