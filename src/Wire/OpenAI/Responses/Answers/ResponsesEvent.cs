using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

internal enum ResponsesEventKind
{
    /// <summary>Nothing that matters here.</summary>
    Other,

    /// <summary>No type: not an event of this protocol.</summary>
    None,
    Begun,
    ItemAdded,
    ItemDone,
    ContentAdded,
    ContentDone,
    TextDelta,
    TextDone,
    RefusalDelta,
    RefusalDone,
    SummaryDelta,
    SummaryDone,
    ThoughtDelta,
    ThoughtDone,
    ArgumentsDelta,
    ArgumentsDone,
    InputDelta,
    InputDone,
    Completed,
    Incomplete,
    Failed,
    Cancelled,
    Error,
    Ping,
}

/// <summary>One event: what kind it is, what it is about, and where in its bytes the things that matter are.</summary>
internal ref struct ResponsesEvent
{
    private readonly ReadOnlySpan<byte> _data;
    private ByteSpan _text;

    private ResponsesEvent(ReadOnlySpan<byte> data)
    {
        _data = data;
        Kind = ResponsesEventKind.None;
        (OutputIndex, Index) = (-1, 0);
    }

    public ResponsesEventKind Kind { get; private set; }

    /// <summary>−1 when it does not say.</summary>
    public int OutputIndex { get; private set; }

    /// <summary>Of the content or the summary.</summary>
    public int Index { get; private set; }

    /// <summary>The delta, or the whole text: string content as it stands in the JSON.</summary>
    public readonly ReadOnlySpan<byte> Text => _text.Slice(_data);

    public bool IsEscaped { get; private set; }

    public ByteSpan Item { get; private set; }

    public ByteSpan Part { get; private set; }

    public ByteSpan Response { get; private set; }

    public bool HasError { get; private set; }

    /// <exception cref="JsonException">Not JSON.</exception>
    public static ResponsesEvent Read(ReadOnlySpan<byte> data)
    {
        var ev = new ResponsesEvent(data);
        var reader = new Utf8JsonReader(data, JsonFault.Strict);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return ev;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ev.ReadMember(ref reader);
        }

        // Whatever follows the object is a fault too.
        reader.Read();
        return ev;
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.Is("type"u8))
        {
            reader.Read();
            Kind = reader.TokenType == JsonTokenType.String ? ResponsesEventKinds.Of(ref reader) : ResponsesEventKind.None;
            reader.Skip();
        }
        else if (reader.Is("delta"u8) || reader.Is("text"u8) || reader.Is("arguments"u8) || reader.Is("input"u8) || reader.Is("refusal"u8))
        {
            ReadText(ref reader);
        }
        else if (reader.Is("output_index"u8))
        {
            OutputIndex = ReadIndex(ref reader) ?? -1;
        }
        else if (reader.Is("content_index"u8) || reader.Is("summary_index"u8))
        {
            Index = ReadIndex(ref reader) ?? 0;
        }
        else if (reader.Is("item"u8))
        {
            Item = ReadObject(ref reader);
        }
        else if (reader.Is("part"u8))
        {
            Part = ReadObject(ref reader);
        }
        else if (reader.Is("response"u8))
        {
            Response = ReadObject(ref reader);
        }
        else if (reader.Is("error"u8))
        {
            reader.Read();
            HasError = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.String;
            reader.Skip();
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            _text = new ByteSpan((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            IsEscaped = reader.ValueIsEscaped;
        }
        else
        {
            reader.Skip();
        }
    }

    private static int? ReadIndex(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) && index >= 0)
        {
            return index;
        }

        reader.Skip();
        return null;
    }

    private static ByteSpan ReadObject(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        reader.Skip();
        return isObject ? new ByteSpan(start, (int)reader.BytesConsumed - start) : default;
    }
}
