using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Providers.Editing;

namespace AIHigress.Gateway.Features.Providers.Keys;

/// <summary>The rules of provider keys, and what may be known of a secret: its digest and its last four characters.</summary>
internal static class KeyRules
{
    public const int MaxKeys = 500;
    private const int MaxSecret = 10_000;

    public static void Check(IReadOnlyList<NewProviderKey>? keys, FieldErrors errors)
    {
        if (keys is null)
        {
            return;
        }

        if (keys.Count > MaxKeys)
        {
            errors.Add("keys", "too_many", $"must be at most {MaxKeys}");
            return;
        }

        var labels = new HashSet<string>(StringComparer.Ordinal);
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < keys.Count; i++)
        {
            Check(keys[i], $"keys[{i}].", errors);
            if (keys[i].Label is { } label && !labels.Add(label))
            {
                errors.Add($"keys[{i}].label", "duplicate", "is used twice");
            }

            if (keys[i].Key is { } secret && !secrets.Add(secret.Trim()))
            {
                errors.Add($"keys[{i}].key", "duplicate", "is given twice");
            }
        }
    }

    public static void Check(NewProviderKey key, string prefix, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(key.Label))
        {
            errors.Required(prefix + "label");
        }

        if (string.IsNullOrWhiteSpace(key.Key))
        {
            errors.Required(prefix + "key");
        }

        Label(key.Label, prefix, errors);
        Secret(key.Key, prefix, errors);
        Traffic(key.Weight, key.MaxQps, key.MaxConcurrency, prefix, errors);
        PerMinute(key.Rpm, key.Tpm, prefix, errors);
    }

    public static void Label(string? label, string prefix, FieldErrors errors) => errors.Text(prefix + "label", label, 1, 50);

    public static void Secret(string? secret, string prefix, FieldErrors errors)
    {
        if (secret is not null && (secret.Trim().Length > MaxSecret || secret.Trim().Any(c => c is < ' ' or > '~')))
        {
            errors.Add(prefix + "key", "invalid_value", $"must be at most {MaxSecret} printable ASCII characters");
        }
    }

    public static void Traffic(double? weight, int? maxQps, int? maxConcurrency, string prefix, FieldErrors errors)
    {
        errors.Range(prefix + "weight", weight, 0, 100);
        if (weight is { } value && Math.Abs((value * 10) - Math.Round(value * 10)) > 1e-6)
        {
            errors.Add(prefix + "weight", "step", "must be a multiple of 0.1");
        }

        errors.Range(prefix + "max_qps", maxQps, 1, 1_000_000);
        errors.Range(prefix + "max_concurrency", maxConcurrency, 1, 1_000_000);
    }

    public static void PerMinute(int? rpm, long? tpm, string prefix, FieldErrors errors)
    {
        errors.Range(prefix + "rpm", rpm, 1, RequestLimits.Most);
        errors.Range(prefix + "tpm", tpm, 1, RequestLimits.MostTokens);
    }

    public static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>The last four characters; nothing of a secret so short that they would give it away.</summary>
    public static string Hint(string secret) => secret.Length >= 12 ? secret[^4..] : "";
}
