using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers.Items;

/// <summary>An output item of an upstream's stream.</summary>
/// <param name="type">The item's type; empty for items that are no part of an answer.</param>
internal sealed class DecodedItem(string type, string callId)
{
    public string Type { get; } = type;

    public string CallId { get; } = callId;

    /// <summary>By content index; one under 0 for items that are not messages.</summary>
    public Dictionary<int, DecodedPart> Parts { get; } = [];

    public bool IsDone { get; set; }
}

/// <summary>A part of the answer, as far as it has come.</summary>
internal sealed class DecodedPart(int number, AnswerPartKind kind, bool isJson)
{
    private JsonProgress _progress;

    public int Number { get; } = number;

    public AnswerPartKind Kind { get; } = kind;

    public bool IsOpen { get; set; } = true;

    public bool HasText { get; private set; }

    /// <summary>Which section of a reasoning item speaks: none yet, its summary or its content, and the section's index.</summary>
    public (ResponsesEventKind Kind, int Index) Section { get; set; } = (ResponsesEventKind.None, -1);

    /// <summary>False for arguments that come after the arguments: some servers send them all once more.</summary>
    public bool Accept(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty || (isJson && _progress.IsWhole))
        {
            return false;
        }

        HasText = true;
        if (isJson)
        {
            _progress.Add(piece);
        }

        return true;
    }
}
