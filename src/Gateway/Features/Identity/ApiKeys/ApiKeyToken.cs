using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace AIHigress.Gateway.Features.Identity.ApiKeys;

/// <summary>
/// The text of an API key: <c>sk-aih-</c>, 48 random characters (285 bits) and 6 that check them, by which a scanner or
/// a person can tell a mistyped key from a revoked one. Only its SHA-256 is stored; being random, it needs no salt.
/// </summary>
internal static class ApiKeyToken
{
    public const string Start = "sk-aih-";
    public const int PrefixLength = 12;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);
    private const int RandomLength = 48;
    private const int CheckLength = 6;

    public static string Generate()
    {
        var body = Start + RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return body + Check(body);
    }

    public static bool IsWellFormed(string token) =>
        token.Length == Start.Length + RandomLength + CheckLength
        && token.StartsWith(Start, StringComparison.Ordinal)
        && token.AsSpan(Start.Length).IndexOfAnyExcept(Allowed) < 0
        && Check(token[..^CheckLength]) == token[^CheckLength..];

    public static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>What lists show of it.</summary>
    public static string Prefix(string token) => token[..PrefixLength];

    private static string Check(string body)
    {
        var number = BitConverter.ToUInt32(SHA256.HashData(Encoding.ASCII.GetBytes(body)));
        return string.Create(CheckLength, number, (span, rest) =>
        {
            for (var i = span.Length - 1; i >= 0; i--)
            {
                span[i] = Alphabet[(int)(rest % (uint)Alphabet.Length)];
                rest /= (uint)Alphabet.Length;
            }
        });
    }
}
