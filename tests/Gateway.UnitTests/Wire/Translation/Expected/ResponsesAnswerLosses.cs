using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class ResponsesAnswerLosses
{
    public static ModelAnswer Of(ModelAnswer answer) => AnswerLosses.WithFinish(
        AnswerLosses.WithHead(AnswerLosses.EachPart(AnswerLosses.WithRefusalsSaid(answer), OfPart), hasTime: true), f => f == FinishReason.Pause ? FinishReason.Length : f);

    private static Part OfPart(Part part) => AnswerLosses.AsCustom(part) switch
    {
        ReasoningPart p => p with
        {
            Id = p.Id?.StartsWith("rs_", StringComparison.Ordinal) == true ? p.Id : null,
            Seal = AnswerLosses.Sealed(WireProtocol.Responses, p.Seal),

            // Its own thoughts are always encrypted.
            IsRedacted = p.IsRedacted && p.Seal?.Maker != WireProtocol.Responses,
        },
        ToolCallPart { Seal: { } seal } p => p with { Seal = seal.Maker == WireProtocol.Responses ? null : AnswerLosses.Sealed(WireProtocol.Responses, seal) },
        var other => other,
    };
}
