using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>
/// <c>session_id.counter.HMAC(session secret, session_id.counter)</c>. Nothing of it is stored: the session's secret
/// and counter tell whether one is genuine and whether it is the last.
/// </summary>
internal readonly record struct RefreshToken(Guid SessionId, int Counter, string Signature)
{
    public override string ToString() => $"{SessionId:N}.{Counter.ToString(CultureInfo.InvariantCulture)}.{Signature}";

    public static string NewSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static RefreshToken Make(Guid sessionId, int counter, string secret) =>
        new(sessionId, counter, WebEncoders.Base64UrlEncode(Sign(sessionId, counter, secret)));

    public static RefreshToken? Parse(string? text)
    {
        var parts = text is { Length: > 0 and <= 200 } ? text.Split('.') : [];
        return parts.Length == 3
            && Guid.TryParseExact(parts[0], "N", out var sessionId)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var counter)
            ? new RefreshToken(sessionId, counter, parts[2])
            : null;
    }

    public bool IsGenuine(string secret)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var expected = Sign(SessionId, Counter, secret);
        return TryDecode(Signature, given) && CryptographicOperations.FixedTimeEquals(given, expected);
    }

    private static bool TryDecode(string text, Span<byte> bytes) =>
        Base64Url.DecodeFromChars(text, bytes, out var read, out var written) == OperationStatus.Done
        && read == text.Length && written == bytes.Length;

    private static byte[] Sign(Guid sessionId, int counter, string secret) =>
        HMACSHA256.HashData(Convert.FromBase64String(secret), Encoding.ASCII.GetBytes($"{sessionId:N}.{counter.ToString(CultureInfo.InvariantCulture)}"));
}
