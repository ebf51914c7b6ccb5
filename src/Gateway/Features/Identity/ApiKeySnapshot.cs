using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>Every live API key by the SHA-256 of its whole token. Immutable; swapped whole when a key changes.</summary>
public sealed class ApiKeySnapshot(IReadOnlyDictionary<KeyDigest, ApiCaller> callers)
{
    public static readonly ApiKeySnapshot Empty = new(new Dictionary<KeyDigest, ApiCaller>());

    private readonly FrozenDictionary<KeyDigest, ApiCaller> _callers = callers.ToFrozenDictionary();

    public int Count => _callers.Count;

    /// <summary>The caller of a token, or null. The dictionary compares all 256 bits of the digest, never a prefix of the token.</summary>
    public ApiCaller? Find(ReadOnlySpan<char> token)
    {
        if (token.Length is 0 or > 512)
        {
            return null;
        }

        return _callers.GetValueOrDefault(KeyDigest.Of(token));
    }
}

/// <summary>The SHA-256 of a token. Equality is fixed-time over all 32 bytes.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct KeyDigest : IEquatable<KeyDigest>
{
    private readonly UInt128 _high;
    private readonly UInt128 _low;

    public KeyDigest(ReadOnlySpan<byte> sha256)
    {
        _high = MemoryMarshal.Read<UInt128>(sha256);
        _low = MemoryMarshal.Read<UInt128>(sha256[16..]);
    }

    public static KeyDigest Of(ReadOnlySpan<char> token)
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(token.Length)];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        var written = Encoding.UTF8.GetBytes(token, utf8);
        SHA256.HashData(utf8[..written], digest);
        return new KeyDigest(digest);
    }

    public bool Equals(KeyDigest other) => ((_high ^ other._high) | (_low ^ other._low)) == 0;

    public static bool operator ==(KeyDigest left, KeyDigest right) => left.Equals(right);

    public static bool operator !=(KeyDigest left, KeyDigest right) => !left.Equals(right);

    public override bool Equals(object? obj) => obj is KeyDigest other && Equals(other);

    public override int GetHashCode() => (int)(ulong)_low;
}

/// <summary>Holds the current snapshot; readers take the reference once per request.</summary>
public sealed class ApiKeySnapshots
{
    private volatile ApiKeySnapshot _current = ApiKeySnapshot.Empty;

    public ApiKeySnapshot Current => _current;

    public void Publish(ApiKeySnapshot snapshot) => _current = snapshot;
}
