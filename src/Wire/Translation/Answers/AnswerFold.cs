using System.Buffers;
using System.Text;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Translation.Answers;

/// <summary>Puts the events of a stream together to the answer they are.</summary>
public sealed class AnswerFold : IAnswerSink
{
    private readonly List<OpenPart> _parts = [];
    private readonly SortedDictionary<int, AnswerFinish> _finishes = [];
    private AnswerStart _start = new("", "", 0);
    private TokenUsage? _usage;

    /// <summary>The answer so far; a choice without a finish counts as finished by <see cref="FinishReason.Stop"/>.</summary>
    public ModelAnswer ToAnswer()
    {
        var choices = _parts.Select(p => p.Head.Choice).Concat(_finishes.Keys).Distinct().Order();
        return new ModelAnswer
        {
            Id = _start.Id,
            Model = _start.Model,
            Created = _start.Created,
            Usage = _usage,
            Choices = [.. choices.Select(ToChoice)],
        };
    }

    public void Start(in AnswerStart start) => _start = start;

    public void PartStart(in PartStart part) => _parts.Add(new OpenPart(part));

    public void Delta(int part, ReadOnlySpan<byte> text)
    {
        // A whole answer is one delta: with room for all of it at once it is copied once.
        var known = _parts[part].Text;
        text.CopyTo(known.GetSpan(text.Length));
        known.Advance(text.Length);
    }

    public void Seal(int part, Seal seal) => _parts[part].Seal = seal;

    public void PartEnd(int part)
    {
    }

    public void Usage(in TokenUsage usage) => _usage = usage;

    public void Finish(in AnswerFinish finish) => _finishes[finish.Choice] = finish;

    public void Ping()
    {
    }

    private AnswerChoice ToChoice(int index)
    {
        var finish = _finishes.GetValueOrDefault(index, new AnswerFinish(index, FinishReason.Stop));
        return new AnswerChoice(index, [.. _parts.Where(p => p.Head.Choice == index).Select(p => p.ToPart())], finish.Reason, finish.StopSequence);
    }

    private sealed class OpenPart(PartStart head)
    {
        public PartStart Head { get; } = head;

        public ArrayBufferWriter<byte> Text { get; } = new();

        public Seal? Seal { get; set; }

        public Part ToPart()
        {
            var text = Encoding.UTF8.GetString(Text.WrittenSpan);
            return Head.Kind switch
            {
                AnswerPartKind.Text => new TextPart(text),
                AnswerPartKind.Refusal => new RefusalPart(text),
                AnswerPartKind.ToolCall => new ToolCallPart(Head.Id, Head.Name, text) { IsCustom = Head.IsCustom, Seal = Seal },
                _ => new ReasoningPart(text) { Seal = Seal, IsRedacted = Head.Kind == AnswerPartKind.RedactedReasoning, Id = Head.Id.Length > 0 ? Head.Id : null },
            };
        }
    }
}
