using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Translation.Losses;

/// <summary>Names in requests, read into room on the stack.</summary>
internal static class FieldName
{
    /// <summary>Characters; no table knows a longer name.</summary>
    public const int Longest = 128;

    // Every character may be written as \uXXXX.
    private const int LongestEscaped = 6 * Longest;

    /// <summary>The name; as much of it as there is room for.</summary>
    public static ReadOnlySpan<char> Read(scoped ReadOnlySpan<byte> raw, Span<char> room)
    {
        if (raw.Contains((byte)'\\'))
        {
            Span<byte> text = stackalloc byte[LongestEscaped];
            raw = raw[..Math.Min(raw.Length, LongestEscaped)];
            return ToChars(text[..JsonText.Unescape(raw, text)], room);
        }

        return ToChars(raw, room);
    }

    /// <summary>What kind of element it says it is: its <c>type</c>, else its <c>role</c>, else the class of its media type; else empty.</summary>
    /// <param name="value">An object.</param>
    /// <param name="room">For the name.</param>
    public static ReadOnlySpan<char> Discriminator(JsonElement value, Span<char> room)
    {
        if (Find(value, "type"u8, out var text) || Find(value, "role"u8, out text))
        {
            return Read(Content(text), room);
        }

        if (!Find(value, "mimeType"u8, out text) && !Find(value, "mime_type"u8, out text))
        {
            return [];
        }

        var type = Read(Content(text), room);
        var slash = type.IndexOf('/');
        return type is "application/pdf" ? "pdf" : slash < 0 ? type : type[..slash];
    }

    private static bool Find(JsonElement value, ReadOnlySpan<byte> name, out JsonElement text) =>
        value.TryGetProperty(name, out text) && text.ValueKind == JsonValueKind.String;

    private static ReadOnlySpan<byte> Content(JsonElement text) => JsonMarshal.GetRawUtf8Value(text)[1..^1];

    private static ReadOnlySpan<char> ToChars(scoped ReadOnlySpan<byte> text, Span<char> room)
    {
        Utf8.ToUtf16(text, room, out _, out var written);
        return room[..written];
    }
}
