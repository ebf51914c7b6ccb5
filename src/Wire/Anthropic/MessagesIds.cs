using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Anthropic;

/// <summary>Ids in Anthropic's forms.</summary>
internal static class MessagesIds
{
    private const int LongestId = 64;

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>The upstream's message id if it is one of Anthropic's, else one made of the answer's seed.</summary>
    public static string Message(string id, AnswerContext context) =>
        id.StartsWith("msg_", StringComparison.Ordinal) && IsValid(id) ? id : "msg_" + context.Seed;

    /// <summary>The upstream's call id as it is: it comes back in the next request. A call without one gets an id of the seed.</summary>
    /// <param name="part">The number of the part: several calls of an answer have different ids.</param>
    public static string Call(string id, int part, AnswerContext context) =>
        id.Length > 0 ? id : $"toolu_{context.Seed[..Math.Min(20, context.Seed.Length)]}{part:x4}";

    /// <summary>An id that Anthropic takes; the same for a call and its result.</summary>
    public static string ForUpstream(string id) => IsValid(id)
        ? id
        : "toolu_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..32];

    private static bool IsValid(string id) => id.Length is > 0 and <= LongestId && !id.AsSpan().ContainsAnyExcept(Letters);
}
