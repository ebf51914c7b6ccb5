using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Gemini.Answers;

/// <summary>One candidate of a stream: which of its texts is open, what it has called.</summary>
internal sealed class GeminiChoice(int index, GeminiPartCounter counter)
{
    private readonly HashSet<string> _calls = new(StringComparer.Ordinal);
    private AnswerPartKind _openKind;
    private int _open = -1;

    /// <summary>Google's last word on why it ended; null while it has not.</summary>
    public string? Finish { get; set; }

    public bool HasCalls { get; private set; }

    /// <param name="part">The part.</param>
    /// <param name="data">The chunk it stands in.</param>
    /// <param name="buffer">Scratch.</param>
    /// <param name="sink">Takes the events.</param>
    public void Add(GeminiPart part, ReadOnlySpan<byte> data, ArrayBufferWriter<byte> buffer, IAnswerSink sink)
    {
        if (part.CallName is { Length: > 0 })
        {
            AddCall(part, data, buffer, sink);
        }
        else if (part.Data.TokenType == JsonTokenType.String)
        {
            AddMedia(part, buffer, sink);
        }
        else if (part.IsThought)
        {
            AddThought(part, buffer, sink);
        }
        else
        {
            AddText(part, buffer, sink);
        }
    }

    /// <summary>Ends the open text.</summary>
    public void End(IAnswerSink sink)
    {
        if (_open >= 0)
        {
            sink.PartEnd(_open);
            _open = -1;
        }
    }

    private void AddText(GeminiPart part, ArrayBufferWriter<byte> buffer, IAnswerSink sink)
    {
        // The signature of a text stands in front of it, or behind it when the text has begun.
        var goesOn = _open >= 0 && _openKind == AnswerPartKind.Text;
        if (!goesOn)
        {
            AddSignature(part, sink);
        }

        AddPiece(AnswerPartKind.Text, part.Text, buffer, sink);
        if (goesOn)
        {
            AddSignature(part, sink);
        }
    }

    private void AddThought(GeminiPart part, ArrayBufferWriter<byte> buffer, IAnswerSink sink)
    {
        AddPiece(AnswerPartKind.Reasoning, part.Text, buffer, sink);
        if (_open >= 0 && _openKind == AnswerPartKind.Reasoning && part.Signature.TokenType == JsonTokenType.String)
        {
            sink.Seal(_open, SealOf(part));
            End(sink);
        }
        else
        {
            AddSignature(part, sink);
        }
    }

    // Answers of this form have no place for media: a picture becomes what a reader of Markdown sees as one.
    private void AddMedia(GeminiPart part, ArrayBufferWriter<byte> buffer, IAnswerSink sink)
    {
        AddSignature(part, sink);
        var type = part.MediaType;
        var isImage = type.TokenType == JsonTokenType.String && type.ValueSpan.StartsWith("image"u8);
        buffer.ResetWrittenCount();
        buffer.Write(isImage ? "![image](data:"u8 : "[file](data:"u8);
        if (type.TokenType == JsonTokenType.String)
        {
            type.AppendTo(buffer);
        }

        buffer.Write(";base64,"u8);
        var data = part.Data;
        data.AppendTo(buffer);
        buffer.Write(")"u8);
        Open(AnswerPartKind.Text, sink);
        sink.Delta(_open, buffer.WrittenSpan);
    }

    private void AddCall(GeminiPart part, ReadOnlySpan<byte> data, ArrayBufferWriter<byte> buffer, IAnswerSink sink)
    {
        End(sink);
        if (part.CallId.Length > 0 && !_calls.Add(part.CallId))
        {
            // Sent once more, as some servers do in the last chunk.
            return;
        }

        HasCalls = true;
        var number = counter.Next();
        var seal = part.Signature.TokenType == JsonTokenType.String ? SealOf(part) : null;
        sink.PartStart(new PartStart(number, index, AnswerPartKind.ToolCall) { Id = part.CallId, Name = part.CallName!, Seal = seal });
        sink.Delta(number, Arguments(part.Arguments, data, buffer));
        if (seal is not null)
        {
            sink.Seal(number, seal);
        }

        sink.PartEnd(number);
    }

    private static ReadOnlySpan<byte> Arguments(Utf8JsonReader reader, ReadOnlySpan<byte> data, ArrayBufferWriter<byte> buffer)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return data[start..(int)reader.BytesConsumed];
        }

        buffer.ResetWrittenCount();
        if (reader.TokenType == JsonTokenType.String)
        {
            reader.AppendTo(buffer);
        }

        return buffer.WrittenCount > 0 ? buffer.WrittenSpan : "{}"u8;
    }

    private void AddPiece(AnswerPartKind kind, Utf8JsonReader text, ArrayBufferWriter<byte> buffer, IAnswerSink sink)
    {
        if (text.TokenType != JsonTokenType.String || text.ValueSpan.IsEmpty)
        {
            return;
        }

        Open(kind, sink);
        if (!text.ValueIsEscaped)
        {
            sink.Delta(_open, text.ValueSpan);
            return;
        }

        buffer.ResetWrittenCount();
        text.AppendTo(buffer);
        sink.Delta(_open, buffer.WrittenSpan);
    }

    private void Open(AnswerPartKind kind, IAnswerSink sink)
    {
        if (_open >= 0 && _openKind == kind)
        {
            return;
        }

        End(sink);
        _open = counter.Next();
        _openKind = kind;
        sink.PartStart(new PartStart(_open, index, kind));
    }

    private void AddSignature(GeminiPart part, IAnswerSink sink)
    {
        if (part.Signature.TokenType != JsonTokenType.String || part.Signature.ValueSpan.IsEmpty)
        {
            return;
        }

        End(sink);
        var number = counter.Next();
        sink.PartStart(new PartStart(number, index, AnswerPartKind.Reasoning));
        sink.Seal(number, SealOf(part));
        sink.PartEnd(number);
    }

    private static Seal SealOf(GeminiPart part)
    {
        var signature = part.Signature;
        return new Seal(WireProtocol.Gemini, signature.GetText());
    }
}
