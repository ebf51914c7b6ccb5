using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Gemini.Answers;

/// <summary>
/// Where the members of one chunk (or a whole answer) stand. Google writes ids, indexes and marks behind what they belong to, so each object
/// is looked over first and read after that.
/// </summary>
internal ref struct GeminiChunk
{
    private bool _readsHead;

    public bool IsObject { get; private set; }

    public bool IsOurs { get; private set; }

    public Utf8JsonReader Candidates { get; private set; }

    public Utf8JsonReader Usage { get; private set; }

    public Utf8JsonReader Error { get; private set; }

    public string? Id { get; private set; }

    public string? Model { get; private set; }

    public string? CreateTime { get; private set; }

    public string? BlockReason { get; private set; }

    /// <summary>Throws <see cref="JsonException"/> when the bytes are not JSON, before anything has been told to anyone.</summary>
    /// <param name="data">One chunk.</param>
    /// <param name="readsHead">Id, model and time are wanted: they are the same in every chunk.</param>
    public static GeminiChunk Read(ReadOnlySpan<byte> data, bool readsHead)
    {
        var chunk = new GeminiChunk { _readsHead = readsHead };
        var reader = new Utf8JsonReader(data, JsonFault.Strict);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            reader.Read();
            return chunk;
        }

        chunk.IsObject = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            chunk.ReadMember(ref reader);
        }

        reader.Read();
        return chunk;
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.Is("candidates"u8))
        {
            reader.Read();
            Candidates = reader.TokenType == JsonTokenType.StartArray ? reader : default;
        }
        else if (reader.Is("usageMetadata"u8))
        {
            reader.Read();
            Usage = reader;
        }
        else if (reader.Is("error"u8))
        {
            reader.Read();
            Error = reader.TokenType == JsonTokenType.Null ? default : reader;
        }
        else if (reader.Is("promptFeedback"u8))
        {
            reader.Read();
            BlockReason = ReadBlockReason(reader);
        }
        else if (reader.Is("responseId"u8))
        {
            Id = ReadText(ref reader);
        }
        else if (reader.Is("modelVersion"u8))
        {
            Model = ReadText(ref reader);
        }
        else if (reader.Is("createTime"u8))
        {
            CreateTime = ReadText(ref reader);
        }
        else
        {
            reader.Skip();
            return;
        }

        IsOurs = true;
        reader.Skip();
    }

    private static string? ReadBlockReason(Utf8JsonReader reader)
    {
        string? reason = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReason = reader.Is("blockReason"u8);
            reader.Read();
            reason = isReason && reader.TokenType == JsonTokenType.String ? reader.GetText() : reason;
            reader.Skip();
        }

        return reason;
    }

    private readonly string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        return _readsHead && reader.TokenType == JsonTokenType.String ? reader.GetText() : null;
    }
}
