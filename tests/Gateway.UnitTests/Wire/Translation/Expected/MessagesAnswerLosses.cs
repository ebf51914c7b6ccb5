using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class MessagesAnswerLosses
{
    public static ModelAnswer Of(ModelAnswer answer)
    {
        var written = AnswerLosses.EachPart(answer, OfPart);
        return written with
        {
            Model = answer.Model.Length > 0 ? answer.Model : "m",
            Created = 0,
            Usage = answer.Usage ?? default(TokenUsage),

            // One word for filters and refusals.
            Choices = [.. written.Choices.Select(c => c with { Finish = c.Finish == FinishReason.ContentFilter ? FinishReason.Refusal : c.Finish })],
        };
    }

    public static ModelAnswer SealsInFront(ModelAnswer answer)
    {
        return answer with { Choices = [.. answer.Choices.Select(c => c with { Parts = Move(c.Parts) })] };

        static List<Part> Move(IReadOnlyList<Part> parts)
        {
            var moved = new List<Part>();
            foreach (var part in parts)
            {
                if (part is ReasoningPart { IsRedacted: true } behind && moved is [.., ToolCallPart])
                {
                    moved.Insert(moved.Count - 1, behind with { IsRedacted = false });
                }
                else
                {
                    moved.Add(part);
                }
            }

            return moved;
        }
    }

    private static Part[] OfPart(Part part) => part switch
    {
        // There is no block for refusals, only the stop reason.
        RefusalPart p => [new TextPart(p.Text)],
        ReasoningPart p => [p with { Id = null, Seal = AnswerLosses.Sealed(WireProtocol.Messages, p.Seal) }],
        ToolCallPart { Seal: { } seal } p => [new ReasoningPart("") { Seal = AnswerLosses.Sealed(WireProtocol.Messages, seal) }, p with { Seal = null }],
        _ => [part],
    };
}
