using System.Collections.Concurrent;
using System.Security.Cryptography;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>Opens provider keys. Each ciphertext is opened once and remembered, so that a route table with thousands of keys is rebuilt quickly.</summary>
internal sealed partial class ProviderSecrets(SecretProtector protector, ILogger<ProviderSecrets> logger)
{
    private readonly ConcurrentDictionary<string, string?> _opened = new(StringComparer.Ordinal);

    /// <summary>The plaintext, or null when the key ring can't open it: that key is then left out instead of stopping every other one.</summary>
    public string? Open(ProviderKey key) => _opened.GetOrAdd(key.Secret.Ciphertext, (ciphertext, k) => TryOpen(ciphertext, k), key);

    /// <summary>Forgets every secret that is not among the given ones.</summary>
    public void Keep(IEnumerable<ProviderKey> keys)
    {
        var live = keys.Select(k => k.Secret.Ciphertext).ToHashSet(StringComparer.Ordinal);
        foreach (var ciphertext in _opened.Keys)
        {
            if (!live.Contains(ciphertext))
            {
                _opened.TryRemove(ciphertext, out _);
            }
        }
    }

    private string? TryOpen(string ciphertext, ProviderKey key)
    {
        try
        {
            return protector.Unprotect(new ProtectedSecret(ciphertext));
        }
        catch (CryptographicException)
        {
            ProviderKeyNotOpened(key.Label, key.ProviderId);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The key '{Label}' of provider {Provider} can't be decrypted and is not used; set it again")]
    private partial void ProviderKeyNotOpened(string label, string provider);
}
