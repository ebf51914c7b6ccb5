using System.Text;

namespace AIHigress.MockUpstream.Answering;

/// <summary>
/// The opaque texts by which providers know their own thoughts again: base64 that says where and when it was made.
/// Only what such a text was made for is accepted, as with the real ones.
/// </summary>
internal static class Signatures
{
    private const string Mark = "thought-of-";

    public static string Make(string server, long ordinal) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Mark}{server}-{ordinal}"));

    /// <summary>Whether any mock (or just <paramref name="server"/>) made it.</summary>
    public static bool IsOne(string? text, string? server = null)
    {
        var bytes = new byte[text?.Length ?? 0];
        return text is not null && Convert.TryFromBase64String(text, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).StartsWith(server is null ? Mark : $"{Mark}{server}-", StringComparison.Ordinal);
    }
}
