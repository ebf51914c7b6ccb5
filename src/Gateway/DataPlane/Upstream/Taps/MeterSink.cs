using System.Buffers;
using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>Notes what an answer's events tell of usage, text and finish, and hands them on.</summary>
/// <param name="next">The client's encoder; null when the events pass as bytes.</param>
/// <param name="mostText">Bytes of text to keep.</param>
internal sealed class MeterSink(IAnswerSink? next, int mostText) : IAnswerSink, IDisposable
{
    private const int MostSeals = 64;

    private readonly PooledBuffer _text = new();
    private List<Seal>? _seals;

    public TokenUsage? LastUsage { get; private set; }

    /// <summary>Content or a finish came since this was last cleared.</summary>
    public bool IsMeaningful { get; set; }

    public IReadOnlyList<Seal> Seals => _seals ?? (IReadOnlyList<Seal>)[];

    public ReadOnlyMemory<byte> Text => _text.Written;

    public void Start(in AnswerStart start) => next?.Start(start);

    public void PartStart(in PartStart part)
    {
        if (part.Kind is AnswerPartKind.ToolCall or AnswerPartKind.RedactedReasoning)
        {
            IsMeaningful = true;
        }

        next?.PartStart(part);
    }

    public void Delta(int part, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            IsMeaningful = true;
            if (_text.Length < mostText)
            {
                _text.Write(text);
            }
        }

        next?.Delta(part, text);
    }

    public void Seal(int part, Seal seal)
    {
        if ((_seals ??= []).Count < MostSeals)
        {
            _seals.Add(seal);
        }

        next?.Seal(part, seal);
    }

    public void PartEnd(int part) => next?.PartEnd(part);

    public void Usage(in TokenUsage usage)
    {
        LastUsage = usage;
        next?.Usage(usage);
    }

    public void Finish(in AnswerFinish finish)
    {
        IsMeaningful = true;
        next?.Finish(finish);
    }

    public void Ping() => next?.Ping();

    public void Dispose() => _text.Dispose();
}
