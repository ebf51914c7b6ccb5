using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>
/// An answer as the events of a stream: texts cut between any two characters, calls made in parallel interleaved, the choices too, usage once or
/// growing, pings in between.
/// </summary>
internal static class EventGen
{
    public static List<SinkCall> Make(Dice dice, ModelAnswer answer)
    {
        List<SinkCall> calls = [new SinkCall.Begin(new AnswerStart(answer.Id, answer.Model, answer.Created))];
        var lanes = answer.Choices.Select(choice => new ChoiceLane(dice, choice)).ToList();
        var parts = 0;
        while (lanes.Count > 0)
        {
            var lane = lanes[dice.Below(lanes.Count)];
            calls.Add(lane.Next(ref parts));
            if (lane.IsDone)
            {
                lanes.Remove(lane);
            }

            AddBetween(dice, answer, calls);
        }

        if (answer.Usage is { } usage)
        {
            calls.Add(new SinkCall.Count(usage));
        }

        return calls;
    }

    private static void AddBetween(Dice dice, ModelAnswer answer, List<SinkCall> calls)
    {
        if (dice.Percent(3))
        {
            calls.Add(new SinkCall.Alive());
        }

        if (answer.Usage is { } usage && dice.Percent(3))
        {
            calls.Add(new SinkCall.Count(usage with { Output = usage.Output / 2, Reasoning = 0 }));
        }
    }

    private static List<string> Cut(Dice dice, string text)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            piece.Append(rune);
            if (dice.Percent(30))
            {
                pieces.Add(piece.ToString());
                piece.Clear();
            }
        }

        return piece.Length > 0 ? [.. pieces, piece.ToString()] : pieces;
    }

    /// <summary>One choice: its parts one after the other, but for calls that stand side by side.</summary>
    private sealed class ChoiceLane(Dice dice, AnswerChoice choice)
    {
        private readonly List<PartLane> _open = [];
        private int _next;

        public bool IsDone { get; private set; }

        public SinkCall Next(ref int parts)
        {
            if (CanBegin() && (_open.Count == 0 || dice.Percent(30)))
            {
                var part = new PartLane(dice, choice.Index, choice.Parts[_next++], parts++, choice.Parts.Count(p => p is ToolCallPart) == 1);
                _open.Add(part);
                return new SinkCall.BeginPart(part.Head);
            }

            if (_open.Count == 0)
            {
                IsDone = true;
                return new SinkCall.EndChoice(new AnswerFinish(choice.Index, choice.Finish, choice.StopSequence));
            }

            var lane = _open[dice.Below(_open.Count)];
            var call = lane.Next();
            if (call is SinkCall.EndPart)
            {
                _open.Remove(lane);
            }

            return call;
        }

        private bool CanBegin() => _next < choice.Parts.Count && (_open.Count == 0 || (choice.Parts[_next] is ToolCallPart && _open.TrueForAll(p => p.IsCall)));
    }

    private sealed class PartLane
    {
        private readonly Queue<SinkCall> _calls = new();

        public PartLane(Dice dice, int choice, Part part, int number, bool isOnlyCall)
        {
            var (kind, text, seal) = part switch
            {
                TextPart p => (AnswerPartKind.Text, p.Text, null),
                RefusalPart p => (AnswerPartKind.Refusal, p.Text, null),
                ToolCallPart p => (AnswerPartKind.ToolCall, p.Arguments, p.Seal),
                ReasoningPart p => (p.IsRedacted ? AnswerPartKind.RedactedReasoning : AnswerPartKind.Reasoning, p.Text, p.Seal),
                _ => throw new ArgumentException(part.GetType().Name, nameof(part)),
            };
            Head = new PartStart(number, choice, kind) { Id = (part as ToolCallPart)?.Id ?? (part as ReasoningPart)?.Id ?? "", Name = (part as ToolCallPart)?.Name ?? "", IsCustom = part is ToolCallPart { IsCustom: true } };

            // Gemini gives a call's seal with the call. Late ones come to calls that stand alone: beside others a decoder may have ended the call.
            var isSealedFirst = seal is not null && kind == AnswerPartKind.ToolCall && (!isOnlyCall || dice.Percent(50));
            if (isSealedFirst)
            {
                _calls.Enqueue(new SinkCall.Sign(number, seal!));
            }

            foreach (var piece in Cut(dice, text))
            {
                _calls.Enqueue(new SinkCall.Piece(number, piece));
            }

            if (seal is not null && !isSealedFirst)
            {
                _calls.Enqueue(new SinkCall.Sign(number, seal));
            }

            _calls.Enqueue(new SinkCall.EndPart(number));
        }

        public PartStart Head { get; }

        public bool IsCall => Head.Kind == AnswerPartKind.ToolCall;

        public SinkCall Next() => _calls.Dequeue();
    }
}
