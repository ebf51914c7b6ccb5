using System.Text.Json;
using System.Text.Unicode;

namespace AIHigress.Wire.Json;

/// <summary>Makes the exceptions for bytes that are not JSON; positions are byte offsets from 0, not lines.</summary>
internal static class JsonFault
{
    /// <summary>How deep JSON may nest anywhere in this assembly; the reader stops there, so depth costs neither stack nor time.</summary>
    public const int MaxDepth = 64;

    /// <summary>Strict JSON: no comments, no trailing commas, at most <see cref="MaxDepth"/> levels.</summary>
    public static readonly JsonReaderOptions Strict = new() { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false };

    /// <summary>Refuses a byte order mark and anything that is not UTF-8 (the JSON reader itself looks at neither inside strings).</summary>
    public static void RequireUtf8(ReadOnlySpan<byte> body, string what)
    {
        if (body.StartsWith("\uFEFF"u8))
        {
            throw new WireFormatException(WireFormatException.InvalidJson, $"{what} starts with a byte order mark; send UTF-8 without it.", position: 0);
        }

        if (!Utf8.IsValid(body))
        {
            var position = FirstInvalidByte(body);
            throw new WireFormatException(
                WireFormatException.InvalidJson, $"{what} is not valid UTF-8: bad byte sequence at byte {position}. Encode the text as UTF-8.", position: position);
        }
    }

    /// <summary>
    /// Says where and why a body that some reader has refused is not JSON. It is read again from the start for that: the first reader may
    /// have stepped over parts, and refusals are rare.
    /// </summary>
    public static WireFormatException Explain(ReadOnlySpan<byte> body, string what)
    {
        var reader = new Utf8JsonReader(body, Strict);
        var position = body.Length;
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            position = PositionOf(exception, body);
        }

        return new WireFormatException(WireFormatException.InvalidJson, Describe(body, position, reader.CurrentDepth, what), position: position);
    }

    private static string Describe(ReadOnlySpan<byte> body, int position, int depth, string what)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            return $"{what} is empty; send a JSON object.";
        }

        if (position >= body.Length)
        {
            return $"{what} is not valid JSON: it ends too early, at byte {position}.";
        }

        return depth >= MaxDepth - 1 && body[position] is (byte)'{' or (byte)'['
            ? $"{what} is nested more than {MaxDepth} levels deep at byte {position}; send it flatter."
            : $"{what} is not valid JSON: unexpected character at byte {position}.";
    }

    private static int PositionOf(JsonException exception, ReadOnlySpan<byte> body)
    {
        var lineStart = 0;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
        {
            var lineFeed = body[lineStart..].IndexOf((byte)'\n');
            if (lineFeed < 0)
            {
                break;
            }

            lineStart += lineFeed + 1;
        }

        return (int)Math.Min(lineStart + (exception.BytePositionInLine ?? 0), body.Length);
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> body)
    {
        Span<char> scratch = stackalloc char[512];
        var position = 0;
        while (position < body.Length)
        {
            Utf8.ToUtf16(body[position..], scratch, out var read, out _, replaceInvalidSequences: false);
            if (read == 0)
            {
                break;
            }

            position += read;
        }

        return position;
    }
}
