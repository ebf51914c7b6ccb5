using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Anthropic.Answers;

/// <summary>
/// The members of a content block or of a delta that matter. Strings stay as their content in JSON (escaped or not) until they are used.
/// </summary>
internal ref struct BlockFields
{
    public BlockKind Kind;

    /// <summary>The delta is a signature, not text.</summary>
    public bool IsSignature;

    /// <summary>text, thinking or partial_json, as JSON with its quotes; empty when absent.</summary>
    public ReadOnlySpan<byte> Text;

    /// <summary>signature or data.</summary>
    public string? Seal;

    public string? Id;
    public string? Name;

    /// <summary>The input that stands in a block's start.</summary>
    public ReadOnlySpan<byte> Input;

    public static BlockFields Read(ReadOnlySpan<byte> json)
    {
        var fields = default(BlockFields);
        if (json.IsEmpty)
        {
            return fields;
        }

        var reader = new Utf8JsonReader(json, JsonFault.Strict);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return fields;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            fields.ReadMember(ref reader, json);
        }

        return fields;
    }

    private void ReadMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.Is("type"u8))
        {
            reader.Read();
            ReadType(ref reader);
        }
        else if (reader.Is("text"u8) || reader.Is("thinking"u8) || reader.Is("partial_json"u8))
        {
            reader.Read();
            Text = reader.TokenType == JsonTokenType.String ? Raw(ref reader, json) : Text;
        }
        else if (reader.Is("signature"u8) || reader.Is("data"u8))
        {
            Seal = ReadText(ref reader) ?? Seal;
        }
        else if (reader.Is("id"u8))
        {
            Id = ReadText(ref reader) ?? Id;
        }
        else if (reader.Is("name"u8))
        {
            Name = ReadText(ref reader) ?? Name;
        }
        else if (reader.Is("input"u8))
        {
            reader.Read();
            Input = reader.TokenType == JsonTokenType.StartObject ? Raw(ref reader, json) : Input;
        }
        else
        {
            reader.Skip();
            return;
        }

        reader.Skip();
    }

    private void ReadType(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return;
        }

        var type = reader.ValueSpan;
        IsSignature = type.SequenceEqual("signature_delta"u8);
        Kind = type switch
        {
            _ when type.SequenceEqual("text_delta"u8) || type.SequenceEqual("text"u8) => BlockKind.Text,
            _ when type.SequenceEqual("input_json_delta"u8) || type.SequenceEqual("tool_use"u8) => BlockKind.Call,
            _ when type.SequenceEqual("thinking_delta"u8) || type.SequenceEqual("thinking"u8) || IsSignature => BlockKind.Thinking,
            _ when type.SequenceEqual("redacted_thinking"u8) => BlockKind.Redacted,
            _ => BlockKind.Ignored,
        };
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetText() : null;
    }

    private static ReadOnlySpan<byte> Raw(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
