using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

internal static class MessagesAnswerLosses
{
    public static ModelAnswer Of(ModelAnswer answer, bool isStream) => AnswerLosses.EachPart(answer, part => OfPart(part, isStream)) with
    {
        Created = 0,
        Usage = answer.Usage ?? default(TokenUsage),
    };

    private static Part[] OfPart(Part part, bool isStream) => part switch
    {
        // There is no block for refusals, only the stop reason.
        RefusalPart p => [new TextPart(p.Text)],
        ReasoningPart p => [p with { Id = null, Seal = AnswerLosses.Sealed(WireProtocol.Messages, p.Seal) }],
        ToolCallPart { Seal: { } seal } p when isStream => [p with { Seal = null }, new ReasoningPart("") { Seal = AnswerLosses.Sealed(WireProtocol.Messages, seal), IsRedacted = true }],
        ToolCallPart { Seal: { } seal } p => [new ReasoningPart("") { Seal = AnswerLosses.Sealed(WireProtocol.Messages, seal) }, p with { Seal = null }],
        _ => [part],
    };
}
