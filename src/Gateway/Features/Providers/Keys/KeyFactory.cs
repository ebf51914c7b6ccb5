using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Editing;

namespace AIHigress.Gateway.Features.Providers.Keys;

/// <summary>Makes stored keys; the only place where a provider's secret is encrypted.</summary>
internal sealed class KeyFactory(SecretProtector protector, TimeProvider time)
{
    public ProviderKey Create(string providerId, NewProviderKey input)
    {
        var now = time.GetUtcNow();
        var key = new ProviderKey
        {
            ProviderId = providerId,
            Label = input.Label!.Trim(),
            Digest = [],
            Hint = "",
            Weight = input.Weight ?? 1,
            MaxQps = input.MaxQps,
            Rpm = input.Rpm,
            Tpm = input.Tpm,
            MaxConcurrency = input.MaxConcurrency,
            CreatedAt = now,
            UpdatedAt = now,
        };
        SetSecret(key, input.Key!);
        return key;
    }

    /// <summary>A new secret also revives a key that the provider had refused.</summary>
    public void SetSecret(ProviderKey key, string secret)
    {
        var text = secret.Trim();
        key.Secret = protector.Protect(text);
        key.Digest = KeyRules.Digest(text);
        key.Hint = KeyRules.Hint(text);
        if (key.Status == ProviderKeyStatus.Invalid)
        {
            key.Status = ProviderKeyStatus.Active;
        }
    }
}
