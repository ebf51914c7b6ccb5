using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class ChatAnswerLosses
{
    public static ModelAnswer Of(ModelAnswer answer)
    {
        var written = AnswerLosses.WithHead(AnswerLosses.EachPart(AnswerLosses.WithRefusalsSaid(answer), OfPart), hasTime: true);
        var finished = AnswerLosses.WithFinish(written, f => f == FinishReason.Pause ? FinishReason.Stop : f);
        return finished with { Choices = [.. finished.Choices.Select(c => c with { Parts = Merged(c.Parts) })] };
    }

    /// <summary>A message has a place for thoughts, one for text, one for a refusal and a list of calls.</summary>
    public static ModelAnswer InMessageOrder(ModelAnswer answer) => answer with { Choices = [.. answer.Choices.Select(c => c with { Parts = InOrder(c.Parts) })] };

    private static List<Part> InOrder(IReadOnlyList<Part> parts)
    {
        var ordered = new List<Part>(parts.OfType<ReasoningPart>());
        if (parts.Any(p => p is TextPart))
        {
            ordered.Add(new TextPart(string.Concat(parts.OfType<TextPart>().Select(p => p.Text))));
        }

        return [.. ordered, .. parts.OfType<RefusalPart>(), .. parts.OfType<ToolCallPart>()];
    }

    // Deltas of text say nothing about where one text ends and the next begins.
    private static List<Part> Merged(IReadOnlyList<Part> parts)
    {
        var merged = new List<Part>();
        foreach (var part in parts)
        {
            if (part is TextPart text && merged is [.., TextPart before])
            {
                merged[^1] = new TextPart(before.Text + text.Text);
            }
            else
            {
                merged.Add(part);
            }
        }

        return merged;
    }

    private static Part OfPart(Part part) => AnswerLosses.AsCustom(part) switch
    {
        ReasoningPart p => p with { Id = null, Seal = AnswerLosses.Taken(WireProtocol.Chat, p.Seal) },
        ToolCallPart p => p with { Seal = AnswerLosses.Taken(WireProtocol.Gemini, p.Seal) },
        var other => other,
    };
}
