using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class GeminiAnswerLosses
{
    public static ModelAnswer Of(ModelAnswer answer)
    {
        var written = AnswerLosses.WithHead(AnswerLosses.EachPart(answer, OfPart), hasTime: true);
        return AnswerLosses.WithFinish(written, OfFinish) with
        {
            // The model stands in the address of a request: there is none to fall back to.
            Model = answer.Model,
            Choices = [.. AnswerLosses.WithFinish(written, OfFinish).Choices.Select(c => c with { Parts = Merged(c.Parts) })],
            Usage = answer.Usage is { } usage ? usage with { Input = usage.Input + usage.CacheWrite, CacheWrite = 0 } : null,
        };
    }

    private static FinishReason OfFinish(FinishReason finish) => finish == FinishReason.Refusal ? FinishReason.ContentFilter : finish;

    private static Part OfPart(Part part) => part switch
    {
        RefusalPart p => new TextPart(p.Text),
        ReasoningPart p => p with { Id = null, Seal = AnswerLosses.Taken(WireProtocol.Gemini, p.Seal) },
        ToolCallPart p => p with { Seal = AnswerLosses.Taken(WireProtocol.Gemini, p.Seal) },
        _ => part,
    };

    // Parts have no beginning and no end: text goes on, and so do thoughts until their signature.
    private static List<Part> Merged(IReadOnlyList<Part> parts)
    {
        var merged = new List<Part>();
        foreach (var part in parts)
        {
            if (part is TextPart text && merged is [.., TextPart before])
            {
                merged[^1] = new TextPart(before.Text + text.Text);
            }
            else if (part is ReasoningPart thoughts && (thoughts.IsRedacted || thoughts.Text.Length > 0) && merged is [.., ReasoningPart { Seal: null } open])
            {
                merged[^1] = new ReasoningPart(open.Text + thoughts.Text) { Seal = thoughts.Seal };
            }
            else
            {
                merged.Add(part is ReasoningPart p ? p with { IsRedacted = false } : part);
            }
        }

        return merged;
    }
}
