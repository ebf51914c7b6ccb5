using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>JSON values as they stand in a chunk that has been found valid; an empty span is an absent value or null.</summary>
internal static class RawJson
{
    // Longer ids and names are nobody's; they would only fill headers and logs.
    private const int LongestName = 1024;

    public static Utf8JsonReader Open(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value, JsonFault.Strict);
        reader.Read();
        return reader;
    }

    /// <summary>The value of the property at the reader, which then stands at the value's end.</summary>
    public static ReadOnlySpan<byte> Take(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return default;
        }

        reader.Skip();
        return data[start..(int)reader.BytesConsumed];
    }

    public static bool IsText(ReadOnlySpan<byte> value) => value.Length >= 2 && value[0] == (byte)'"';

    public static bool IsArray(ReadOnlySpan<byte> value) => !value.IsEmpty && value[0] == (byte)'[';

    public static bool IsObject(ReadOnlySpan<byte> value) => !value.IsEmpty && value[0] == (byte)'{';

    /// <summary>An id or a name: control characters, which must not reach a header, are left out; empty when there is none.</summary>
    public static string Name(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.Length > LongestName)
        {
            return "";
        }

        if (!IsText(value))
        {
            return char.IsAsciiDigit((char)value[0]) ? Encoding.UTF8.GetString(value) : "";
        }

        var reader = Open(value);
        var text = reader.GetText();
        return text.AsSpan().IndexOfAnyInRange('\0', '\u001F') < 0 && !text.Contains('\u007F')
            ? text
            : string.Concat(text.Where(c => !char.IsControl(c)));
    }

    /// <summary>A text of any length; empty for any other value.</summary>
    public static string Text(ReadOnlySpan<byte> value)
    {
        if (!IsText(value))
        {
            return "";
        }

        var reader = Open(value);
        return reader.GetText();
    }

    public static long? Integer(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || IsText(value) || IsObject(value) || IsArray(value))
        {
            return null;
        }

        var reader = Open(value);
        return reader.TokenType != JsonTokenType.Number ? null
            : reader.TryGetInt64(out var integer) ? integer
            : reader.TryGetDouble(out var number) && number is > 0 and < 1e15 ? (long)number : null;
    }
}
