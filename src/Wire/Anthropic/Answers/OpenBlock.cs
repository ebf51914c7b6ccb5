using AIHigress.Wire.Json;

namespace AIHigress.Wire.Anthropic.Answers;

internal enum BlockKind
{
    /// <summary>A kind that has no place in the intermediate form: its deltas go nowhere.</summary>
    Ignored,
    Text,
    Thinking,
    Redacted,
    Call,
}

/// <summary>A content block of the upstream that has begun and not ended.</summary>
internal sealed class OpenBlock(long index, int part, BlockKind kind)
{
    private JsonProgress _progress;

    public long Index { get; } = index;

    /// <summary>The number of the part that it is; −1 for <see cref="BlockKind.Ignored"/>.</summary>
    public int Part { get; } = part;

    public BlockKind Kind { get; } = kind;

    public string Id { get; init; } = "";

    /// <summary>Some arguments have come.</summary>
    public bool HasArguments { get; private set; }

    /// <summary>The arguments are a whole JSON value: more can only be a repetition.</summary>
    public bool IsWhole => _progress.IsWhole;

    public void Follow(ReadOnlySpan<byte> piece)
    {
        HasArguments = true;
        _progress.Add(piece);
    }
}
