using System.Buffers;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Anthropic.Answers;

/// <summary>A part of the answer on its way to become a content block.</summary>
internal sealed class QueuedPart(PartStart head)
{
    private ArrayBufferWriter<byte>? _waiting;

    public PartStart Head { get; } = head;

    public Seal? Seal { get; set; }

    /// <summary>Its block's start has been written.</summary>
    public bool IsBegun { get; set; }

    public bool IsEnded { get; set; }

    /// <summary>The seal came after the call's block had begun: it is shown behind it.</summary>
    public bool IsSealLate { get; set; }

    /// <summary>What came while an earlier part was open.</summary>
    public ReadOnlySpan<byte> Waiting => _waiting is null ? default : _waiting.WrittenSpan;

    public void Wait(ReadOnlySpan<byte> text) => (_waiting ??= new ArrayBufferWriter<byte>()).Write(text);

    public void Release() => _waiting = null;
}

/// <summary>The parts that have not ended, in the order of their beginning: only the first may be written, as blocks come one at a time.</summary>
internal sealed class PartQueue
{
    private readonly LinkedList<QueuedPart> _parts = new();

    /// <summary>The part whose block is open; null when none is.</summary>
    public QueuedPart? Current => _parts.First?.Value;

    public void Add(QueuedPart part) => _parts.AddLast(part);

    public void RemoveCurrent() => _parts.RemoveFirst();

    public QueuedPart? Find(int part)
    {
        for (var node = _parts.First; node is not null; node = node.Next)
        {
            if (node.Value.Head.Part == part)
            {
                return node.Value;
            }
        }

        return null;
    }
}
