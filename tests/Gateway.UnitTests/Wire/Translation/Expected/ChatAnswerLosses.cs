using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class ChatAnswerLosses
{
    public static ModelAnswer Of(ModelAnswer answer) => AnswerLosses.WithFinish(
        AnswerLosses.WithHead(AnswerLosses.EachPart(AnswerLosses.WithRefusalsSaid(answer), OfPart), hasTime: true), f => f == FinishReason.Pause ? FinishReason.Stop : f);

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

    private static Part OfPart(Part part) => AnswerLosses.AsCustom(part) switch
    {
        ReasoningPart p => p with { Id = null, Seal = AnswerLosses.Taken(WireProtocol.Chat, p.Seal) },
        ToolCallPart p => p with { Seal = AnswerLosses.Taken(WireProtocol.Gemini, p.Seal) },
        var other => other,
    };
}
