using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>Arguments of calls, which Gemini takes as an object only.</summary>
internal static class GeminiArguments
{
    /// <summary>A custom tool as a function with one text.</summary>
    public const string CustomSchema = """{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}""";

    /// <summary>Writes the member <c>args</c>. What is no JSON object (a call cut by the token limit) is kept as a text in one.</summary>
    public static void Write(Utf8JsonWriter json, string arguments, bool isCustom)
    {
        var trimmed = isCustom ? arguments : arguments.Trim();
        if (!isCustom && trimmed.Length == 0)
        {
            json.WriteStartObject("args");
            json.WriteEndObject();
        }
        else if (!isCustom && GeminiFunctionResponse.IsObject(trimmed))
        {
            json.WriteRawMember("args", trimmed);
        }
        else
        {
            json.WriteStartObject("args");
            json.WriteString(isCustom ? "input" : "arguments", arguments);
            json.WriteEndObject();
        }
    }

    /// <summary>The same in UTF-8, on one line as a server-sent event needs it.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> arguments, bool isCustom)
    {
        var trimmed = arguments.Trim(" \t\r\n"u8);
        if (isCustom || !IsObject(trimmed))
        {
            Write(json, Encoding.UTF8.GetString(arguments), isCustom);
            return;
        }

        json.WritePropertyName("args"u8);
        if (trimmed.IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            json.WriteRawValue(trimmed, skipInputValidation: true);
            return;
        }

        // Line ends are blanks here: inside strings JSON has them escaped.
        var rented = ArrayPool<byte>.Shared.Rent(trimmed.Length);
        var length = 0;
        foreach (var b in trimmed)
        {
            if (b is not ((byte)'\r' or (byte)'\n'))
            {
                rented[length++] = b;
            }
        }

        json.WriteRawValue(rented.AsSpan(0, length), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static bool IsObject(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != (byte)'{')
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(text, JsonFault.Strict);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
