using System.Buffers;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>One tool call of a stream. What comes before its name is held back, what comes twice is dropped.</summary>
internal sealed class CallDecoder(int? index, bool isCustom)
{
    private readonly ArrayBufferWriter<byte> _soFar = new();
    private JsonProgress _progress;
    private int _part = -1;

    public int? Index { get; } = index;

    public bool IsCustom => isCustom;

    public string Id { get; private set; } = "";

    public string Name { get; private set; } = "";

    public bool IsStarted => _part >= 0;

    public bool IsEnded { get; private set; }

    /// <summary>The arguments are a whole JSON object: nothing more can belong to them.</summary>
    public bool IsWhole => !isCustom && _progress.IsWhole;

    /// <summary>The first id and the first name hold: some servers make new ids for every chunk.</summary>
    public void Identify(string id, string name)
    {
        Id = Id.Length > 0 ? Id : id;
        Name = Name.Length > 0 ? Name : name;
    }

    public void Start(int part, int choice, IAnswerSink sink)
    {
        _part = part;
        sink.PartStart(new PartStart(part, choice, AnswerPartKind.ToolCall) { Id = Id, Name = Name, IsCustom = isCustom });
        if (_soFar.WrittenCount > 0)
        {
            sink.Delta(part, _soFar.WrittenSpan);
        }
    }

    /// <param name="isLast">The piece stands in the chunk with the finish reason, where some servers repeat the arguments whole.</param>
    public void Add(ReadOnlySpan<byte> piece, bool isLast, IAnswerSink sink)
    {
        var soFar = _soFar.WrittenSpan;
        if (piece.IsEmpty || IsEnded || IsWhole)
        {
            return;
        }

        if (!isCustom && soFar.Length > 0 && piece.StartsWith(soFar) && (isLast || piece.Length == soFar.Length))
        {
            piece = piece[soFar.Length..];
        }

        if (piece.IsEmpty)
        {
            return;
        }

        piece.CopyTo(_soFar.GetSpan(piece.Length));
        _soFar.Advance(piece.Length);
        _progress.Add(piece);
        if (IsStarted)
        {
            sink.Delta(_part, piece);
        }
    }

    public void Seal(string signature, IAnswerSink sink)
    {
        if (IsStarted && !IsEnded && signature.Length > 0)
        {
            sink.Seal(_part, new Seal(WireProtocol.Gemini, signature));
        }
    }

    public void End(IAnswerSink sink)
    {
        if (!IsStarted || IsEnded)
        {
            return;
        }

        IsEnded = true;
        if (_soFar.WrittenCount == 0 && !isCustom)
        {
            // A call without arguments: every reader of arguments wants an object.
            sink.Delta(_part, "{}"u8);
        }

        sink.PartEnd(_part);
    }
}
