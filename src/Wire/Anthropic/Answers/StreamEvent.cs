using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Anthropic.Answers;

internal enum StreamEventType
{
    /// <summary>No type is given.</summary>
    None,

    /// <summary>A type that is not known yet: to be ignored, the API says.</summary>
    Other,
    MessageStart,
    BlockStart,
    BlockDelta,
    BlockStop,
    MessageDelta,
    MessageStop,
    Ping,
    Error,
}

/// <summary>The members of one stream event, still as JSON. The order in which they stand does not matter.</summary>
internal ref struct StreamEvent
{
    public StreamEventType Type;

    /// <summary>The block's index; null when it was not given.</summary>
    public long? Index;

    public ReadOnlySpan<byte> Message;
    public ReadOnlySpan<byte> Block;
    public ReadOnlySpan<byte> Delta;
    public ReadOnlySpan<byte> Usage;
    public ReadOnlySpan<byte> Error;

    /// <summary>Throws <see cref="JsonException"/> when it is not one JSON object.</summary>
    public static StreamEvent Read(ReadOnlySpan<byte> data)
    {
        var found = default(StreamEvent);
        var reader = new Utf8JsonReader(data, JsonFault.Strict);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            found.ReadMember(ref reader, data);
        }

        // To the end: bytes after the object would make it no JSON.
        reader.Read();
        return found;
    }

    public static StreamEventType TypeOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.IsEmpty => StreamEventType.None,
        _ when name.SequenceEqual("content_block_delta"u8) => StreamEventType.BlockDelta,
        _ when name.SequenceEqual("content_block_start"u8) => StreamEventType.BlockStart,
        _ when name.SequenceEqual("content_block_stop"u8) => StreamEventType.BlockStop,
        _ when name.SequenceEqual("ping"u8) => StreamEventType.Ping,
        _ when name.SequenceEqual("message_start"u8) => StreamEventType.MessageStart,
        _ when name.SequenceEqual("message_delta"u8) => StreamEventType.MessageDelta,
        _ when name.SequenceEqual("message_stop"u8) => StreamEventType.MessageStop,
        _ when name.SequenceEqual("error"u8) => StreamEventType.Error,
        _ => StreamEventType.Other,
    };

    private void ReadMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (reader.Is("type"u8))
        {
            reader.Read();
            Type = reader.TokenType == JsonTokenType.String ? TypeOf(reader.ValueSpan) : Type;
            reader.Skip();
        }
        else if (reader.Is("index"u8))
        {
            reader.Read();
            Index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var index) ? index : Index;
            reader.Skip();
        }
        else if (reader.Is("delta"u8))
        {
            Delta = ReadRaw(ref reader, data);
        }
        else if (reader.Is("content_block"u8))
        {
            Block = ReadRaw(ref reader, data);
        }
        else if (reader.Is("usage"u8))
        {
            Usage = ReadRaw(ref reader, data);
        }
        else if (reader.Is("message"u8))
        {
            Message = ReadRaw(ref reader, data);
        }
        else if (reader.Is("error"u8))
        {
            Error = ReadRaw(ref reader, data);
        }
        else
        {
            reader.Skip();
        }
    }

    private static ReadOnlySpan<byte> ReadRaw(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return data[start..(int)reader.BytesConsumed];
    }
}
