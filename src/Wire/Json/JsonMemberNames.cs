using System.Text.Json;

namespace AIHigress.Wire.Json;

/// <summary>
/// Finds member names that are no text: the framework's tree throws whenever it compares a name that holds one half of a surrogate pair, so a
/// body with such a name must not become a tree.
/// </summary>
internal static class JsonMemberNames
{
    /// <param name="json">Valid JSON.</param>
    public static bool AreText(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return true;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonFault.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsText(reader.ValueSpan))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsText(ReadOnlySpan<byte> escaped)
    {
        while (escaped.IndexOf((byte)'\\') is var at and >= 0)
        {
            escaped = escaped[at..];
            if (escaped[1] != (byte)'u')
            {
                escaped = escaped[2..];
                continue;
            }

            var isHigh = IsHalf(escaped, "89abAB"u8);
            if (IsHalf(escaped, "cdefCDEF"u8) || (isHigh && !IsHalf(escaped[6..], "cdefCDEF"u8)))
            {
                return false;
            }

            escaped = escaped[(isHigh ? 12 : 6)..];
        }

        return true;
    }

    private static bool IsHalf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> third) =>
        text.Length >= 6 && text[0] == (byte)'\\' && text[1] == (byte)'u' && text[2] is (byte)'d' or (byte)'D' && third.Contains(text[3]);
}
