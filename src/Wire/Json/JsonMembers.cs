using System.Text.Json;

namespace AIHigress.Wire.Json;

/// <summary>Reads values of scanned members, and words the refusals.</summary>
internal static class JsonMembers
{
    public static bool? ReadBoolean(ref JsonBodyReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => throw WrongType(ref reader, name, "true, false or null"),
    };

    public static string? ReadString(ref JsonBodyReader reader, string name, string expected = "a string or null") => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetText(),
        JsonTokenType.Null => null,
        _ => throw WrongType(ref reader, name, expected),
    };

    public static long? ReadInteger(ref JsonBodyReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        return reader.TryGetInteger(out var integer) ? integer : throw WrongType(ref reader, name, "an integer or null");
    }

    public static void Require(ref JsonBodyReader reader, JsonTokenType type, string name, string expected)
    {
        if (reader.TokenType != type)
        {
            throw WrongType(ref reader, name, expected);
        }
    }

    /// <summary>The place of the scalar token at the reader.</summary>
    public static ByteSpan ValueSpanOf(ref JsonBodyReader reader) =>
        new(reader.TokenStart, reader.TokenEnd - reader.TokenStart);

    public static WireFormatException WrongType(ref JsonBodyReader reader, string name, string expected) => new(
        WireFormatException.InvalidRequest, $"'{name}' must be {expected}; it is {NameOf(reader.TokenType)}.", name, reader.TokenStart);

    public static WireFormatException Duplicate(ref JsonBodyReader reader, string name) => new(
        WireFormatException.InvalidRequest, $"'{name}' is given more than once (letter case does not make it another member); send it once.", name, reader.TokenStart);

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
