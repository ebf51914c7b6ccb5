using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>Where the members of one element of <c>tool_calls</c> (or of <c>function_call</c>) stand.</summary>
internal ref struct ChatCallFields
{
    public int? Index { get; private set; }

    public ReadOnlySpan<byte> Id { get; private set; }

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>A string; from some servers the object itself.</summary>
    public ReadOnlySpan<byte> Arguments { get; private set; }

    public bool IsCustom { get; private set; }

    /// <summary>Gemini's thought signature.</summary>
    public ReadOnlySpan<byte> Signature { get; private set; }

    /// <summary>Reads the object at the reader.</summary>
    public static ChatCallFields Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        var call = default(ChatCallFields);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            call.ReadMember(ref reader, data);
        }

        return call;
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (reader.Is("index"u8))
        {
            Index = RawJson.Integer(RawJson.Take(ref reader, data)) is { } index and >= 0 and < int.MaxValue ? (int)index : null;
        }
        else if (reader.Is("id"u8))
        {
            Id = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("function"u8))
        {
            ReadFunction(ref reader, data);
        }
        else if (reader.Is("custom"u8))
        {
            reader.Read();
            IsCustom = reader.TokenType == JsonTokenType.StartObject;
            ReadMembers(ref reader, data);
        }
        else if (reader.Is("extra_content"u8))
        {
            var extra = RawJson.Take(ref reader, data);
            Signature = RawJson.IsObject(extra) ? FindSignature(extra) : default;
        }
        else
        {
            ReadFunctionMember(ref reader, data);
        }
    }

    private void ReadFunction(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        reader.Read();
        ReadMembers(ref reader, data);
    }

    private void ReadMembers(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadFunctionMember(ref reader, data);
        }
    }

    private void ReadFunctionMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (reader.Is("name"u8))
        {
            Name = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("arguments"u8) || reader.Is("input"u8))
        {
            Arguments = RawJson.Take(ref reader, data);
        }
        else
        {
            reader.Skip();
        }
    }

    private static ReadOnlySpan<byte> FindSignature(ReadOnlySpan<byte> extra)
    {
        var reader = RawJson.Open(extra);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.Is("thought_signature"u8))
            {
                return RawJson.Take(ref reader, extra);
            }
        }

        return default;
    }
}
