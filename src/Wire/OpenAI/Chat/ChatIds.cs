using System.Security.Cryptography;
using System.Text;

namespace AIHigress.Wire.OpenAI.Chat;

/// <summary>Ids in Chat's form.</summary>
internal static class ChatIds
{
    private const string AnswerPrefix = "chatcmpl-";
    private const int LongestAnswer = 128;
    private const int LongestCall = 64;

    /// <summary>The upstream's own when it is of Chat's form, else one made of the seed.</summary>
    public static string Answer(string id, string seed) =>
        id.StartsWith(AnswerPrefix, StringComparison.Ordinal) && id.Length <= LongestAnswer ? id : AnswerPrefix + seed;

    /// <summary>The upstream's own, which comes back in the next request; one made of the seed where it gave none.</summary>
    public static string Call(string id, string seed, int part) => id.Length > 0 ? id : $"call_{seed[..Math.Min(20, seed.Length)]}{part:x4}";

    /// <summary>A call's id for an upstream; the same for the call and its result. OpenAI refuses ids over 64 characters.</summary>
    public static string ForUpstream(string id) => id.Length <= LongestCall
        ? id
        : $"call_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16))}";
}
