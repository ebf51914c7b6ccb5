using System.Security.Cryptography;
using System.Text;

namespace AIHigress.Wire.OpenAI.Responses.Requests;

/// <summary>OpenAI takes call ids of up to 64 printable characters.</summary>
internal static class CallIds
{
    private const int Longest = 64;

    /// <summary>The id, or one made from it that fits; the same for a call and its result.</summary>
    public static string ForUpstream(string id) => id.Length is > 0 and <= Longest && id.All(c => c is > ' ' and < (char)127)
        ? id
        : $"call_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16))}";
}
