using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AIHigress.Wire.Json;

/// <summary>
/// JSON string content to text and back. Unlike the framework's own accessors these never throw on a lone surrogate: models do send
/// one half of an emoji per chunk, and that is no reason to drop an answer. Each lone half becomes U+FFFD.
/// </summary>
internal static class JsonText
{
    private const int LongestKeyToUnescape = 256;

    private static readonly SearchValues<char> NeedEscape = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F");

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>True when the property name or string at the reader, unescaped, is exactly <paramref name="text"/>.</summary>
    public static bool Is(this ref Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.ValueIsEscaped ? EscapedEquals(reader.ValueSpan, text) : reader.ValueSpan.SequenceEqual(text);

    /// <summary>The string at the reader, unescaped.</summary>
    public static string GetText(this ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }

        var rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return Encoding.UTF8.GetString(rented, 0, Unescape(reader.ValueSpan, rented));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Appends the string at the reader, unescaped, as UTF-8.</summary>
    public static void AppendTo(this ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        // One piece of room for all of it: written without it, a buffer doubles its way up.
        var text = reader.ValueSpan;
        var room = output.GetSpan(text.Length);
        if (reader.ValueIsEscaped)
        {
            output.Advance(Unescape(text, room));
            return;
        }

        text.CopyTo(room);
        output.Advance(text.Length);
    }

    /// <summary>Writes the text of escaped string content; the text is never longer than its escaped form.</summary>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0 || plain + 1 >= escaped.Length)
            {
                escaped.CopyTo(destination[written..]);
                return written + escaped.Length;
            }

            escaped[..plain].CopyTo(destination[written..]);
            written += plain;
            var rune = DecodeEscape(escaped[plain..], out var consumed);
            written += rune.EncodeToUtf8(destination[written..]);
            escaped = escaped[(plain + consumed)..];
        }
    }

    /// <summary>Number of UTF-8 bytes that <see cref="Unescape"/> would write.</summary>
    public static int UnescapedLength(ReadOnlySpan<byte> escaped)
    {
        var length = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0 || plain + 1 >= escaped.Length)
            {
                return length + escaped.Length;
            }

            length += plain + DecodeEscape(escaped[plain..], out var consumed).Utf8SequenceLength;
            escaped = escaped[(plain + consumed)..];
        }
    }

    /// <summary>Number of bytes that <see cref="WriteQuoted"/> writes.</summary>
    public static int QuotedLength(string text)
    {
        var length = 2 + Encoding.UTF8.GetByteCount(text);
        foreach (var c in text.AsSpan())
        {
            if (NeedEscape.Contains(c))
            {
                length += c is '"' or '\\' ? 1 : 5;
            }
        }

        return length;
    }

    /// <summary>Writes <paramref name="text"/> as a JSON string token with its quotes, escaping only what JSON demands.</summary>
    public static int WriteQuoted(string text, Span<byte> destination)
    {
        var rest = text.AsSpan();
        var written = 1;
        destination[0] = (byte)'"';
        while (rest.IndexOfAny(NeedEscape) is var plain and >= 0)
        {
            written += Encoding.UTF8.GetBytes(rest[..plain], destination[written..]);
            var c = rest[plain];
            destination[written++] = (byte)'\\';
            if (c is '"' or '\\')
            {
                destination[written++] = (byte)c;
            }
            else
            {
                "u00"u8.CopyTo(destination[written..]);
                ((int)c).TryFormat(destination[(written + 3)..], out _, "x2");
                written += 5;
            }

            rest = rest[(plain + 1)..];
        }

        written += Encoding.UTF8.GetBytes(rest, destination[written..]);
        destination[written] = (byte)'"';
        return written + 1;
    }

    /// <summary>A property name: as it stands, or unescaped into <paramref name="scratch"/>; empty when too long to be one of ours.</summary>
    public static ReadOnlySpan<byte> Key(ReadOnlySpan<byte> key, bool isEscaped, Span<byte> scratch)
    {
        if (!isEscaped)
        {
            return key;
        }

        return key.Length > scratch.Length ? [] : scratch[..Unescape(key, scratch)];
    }

    /// <summary>Length of the escape at the start of the text, 0 when it is not a valid one, and the UTF-8 bytes it stands for.</summary>
    public static int MeasureEscape(ReadOnlySpan<byte> text, out int runeLength)
    {
        runeLength = 1;
        if (text.Length < 2 || text[0] != (byte)'\\')
        {
            return 0;
        }

        if (text[1] != (byte)'u')
        {
            return "\"\\/bfnrt"u8.Contains(text[1]) ? 2 : 0;
        }

        if (!IsUnicodeEscape(text))
        {
            return 0;
        }

        // A second half that is no valid escape is left for the next step to refuse.
        var pair = IsUnicodeEscape(text[6..]) ? text : text[..6];
        runeLength = DecodeUnicode(pair, out var consumed).Utf8SequenceLength;
        return consumed;
    }

    private static bool IsUnicodeEscape(ReadOnlySpan<byte> text) =>
        text.Length >= 6 && text[0] == (byte)'\\' && text[1] == (byte)'u' && text.Slice(2, 4).IndexOfAnyExcept(HexDigits) < 0;

    private static bool EscapedEquals(ReadOnlySpan<byte> escaped, ReadOnlySpan<byte> text)
    {
        if (escaped.Length > LongestKeyToUnescape)
        {
            return false;
        }

        Span<byte> scratch = stackalloc byte[LongestKeyToUnescape];
        return scratch[..Unescape(escaped, scratch)].SequenceEqual(text);
    }

    private static Rune DecodeEscape(ReadOnlySpan<byte> escape, out int consumed)
    {
        consumed = 2;
        switch (escape[1])
        {
            case (byte)'n':
                return new Rune('\n');
            case (byte)'t':
                return new Rune('\t');
            case (byte)'r':
                return new Rune('\r');
            case (byte)'b':
                return new Rune('\b');
            case (byte)'f':
                return new Rune('\f');
            case (byte)'u':
                return DecodeUnicode(escape, out consumed);
            default:
                return new Rune((char)(escape[1] & 0x7F));
        }
    }

    private static Rune DecodeUnicode(ReadOnlySpan<byte> escape, out int consumed)
    {
        var high = ReadUnit(escape);
        consumed = high < 0 ? escape.Length : 6;
        if (high < 0 || char.IsLowSurrogate((char)high))
        {
            return Rune.ReplacementChar;
        }

        if (!char.IsHighSurrogate((char)high))
        {
            return new Rune((char)high);
        }

        var low = ReadUnit(escape[6..]);
        if (low < 0 || !char.IsLowSurrogate((char)low))
        {
            return Rune.ReplacementChar;
        }

        consumed = 12;
        return new Rune((char)high, (char)low);
    }

    private static int ReadUnit(ReadOnlySpan<byte> escape)
    {
        if (escape.Length < 6 || escape[0] != '\\' || escape[1] != 'u')
        {
            return -1;
        }

        var unit = 0;
        foreach (var digit in escape.Slice(2, 4))
        {
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return unit & 0xFFFF;
    }
}
