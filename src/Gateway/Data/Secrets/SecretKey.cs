using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Data.Secrets;

/// <summary>One SECRET_KEY, turned into the key that wraps the ring and the fingerprint that names it.</summary>
internal sealed class SecretKey
{
    public const int MinimumLength = 32;
    public const int MinimumDistinct = 20;
    public const string Rule = "must have at least 32 characters, 20 of them distinct, and be no placeholder; 'aihigress secret generate' makes one";

    private static readonly string[] Placeholders =
        ["changeme", "changethis", "replaceme", "placeholder", "example", "yoursecret", "secretkeyhere", "insecure", "donotuse", "password"];

    private SecretKey(string text)
    {
        var material = Encoding.UTF8.GetBytes(text);
        WrappingKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 32, info: "aihigress ring wrap v1"u8.ToArray());
        Fingerprint = Convert.ToHexStringLower(
            HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 8, info: "aihigress key fingerprint v1"u8.ToArray()));
    }

    /// <summary>AES-256 key; never stored.</summary>
    public byte[] WrappingKey { get; }

    /// <summary>16 hexadecimal digits that say which key it is without telling it.</summary>
    public string Fingerprint { get; }

    /// <exception cref="SettingException">The key is too weak.</exception>
    public static SecretKey From(string setting, string text) =>
        IsStrong(text) ? new SecretKey(text) : throw new SettingException(setting, $"the value (hidden) is too weak; it {Rule}");

    public static bool IsStrong(string text)
    {
        if (text.Length < MinimumLength || text.Distinct().Count() < MinimumDistinct)
        {
            return false;
        }

        var letters = string.Concat(text.Where(char.IsLetter)).ToLowerInvariant();
        return !Placeholders.Any(word => letters.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>A new key of 64 random bytes, base64url.</summary>
    public static string Generate()
    {
        while (true)
        {
            var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            if (IsStrong(text))
            {
                return text;
            }
        }
    }
}
