using System.Text.Json;
using System.Text.Json.Serialization;

namespace AIHigress.MockUpstream.Scripting;

/// <summary>Enum members by their snake-case names.</summary>
internal sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;

/// <summary>A text knob that may also be given as a number (<c>retry_after: 3</c>) or bare (<c>true</c>).</summary>
internal sealed class TextKnob : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => reader.GetInt64().ToString(),
        JsonTokenType.True => "true",
        _ => throw new JsonException("a text is expected"),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>A number knob that may also be given as text (as in a model id) or bare (<c>true</c>), which means one.</summary>
internal sealed class NumberKnob : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.GetInt32(),
        JsonTokenType.True => 1,
        JsonTokenType.String when int.TryParse(reader.GetString(), out var number) => number,
        _ => throw new JsonException("a whole number is expected"),
    };

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
