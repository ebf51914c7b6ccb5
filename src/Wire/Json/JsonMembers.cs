using System.Text.Json;

namespace AIHigress.Wire.Json;

/// <summary>Reads values of scanned members, and words the refusals.</summary>
internal static class JsonMembers
{
    public static bool? ReadBoolean(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => throw WrongType(ref reader, name, "true, false or null"),
    };

    public static string? ReadString(ref Utf8JsonReader reader, string name, string expected = "a string or null") => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetText(),
        JsonTokenType.Null => null,
        _ => throw WrongType(ref reader, name, expected),
    };

    /// <summary>An integer, also when written <c>100.0</c> or <c>1e2</c> as some languages do.</summary>
    public static long? ReadInteger(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt64(out var integer))
            {
                return integer;
            }

            if (reader.TryGetDecimal(out var number) && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue)
            {
                return (long)number;
            }
        }

        throw WrongType(ref reader, name, "an integer or null");
    }

    public static void Require(ref Utf8JsonReader reader, JsonTokenType type, string name, string expected)
    {
        if (reader.TokenType != type)
        {
            throw WrongType(ref reader, name, expected);
        }
    }

    /// <summary>The place of the scalar token at the reader.</summary>
    public static ByteSpan ValueSpanOf(ref Utf8JsonReader reader) =>
        new((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));

    public static WireFormatException WrongType(ref Utf8JsonReader reader, string name, string expected) => new(
        WireFormatException.InvalidRequest, $"'{name}' must be {expected}; it is {NameOf(reader.TokenType)}.", name, reader.TokenStartIndex);

    public static WireFormatException Duplicate(ref Utf8JsonReader reader, string name) => new(
        WireFormatException.InvalidRequest, $"'{name}' is given more than once (letter case does not make it another member); send it once.", name, reader.TokenStartIndex);

    public static string NameOf(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number of another kind",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };
}
