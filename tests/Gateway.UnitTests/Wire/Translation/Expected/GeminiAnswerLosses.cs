using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class GeminiAnswerLosses
{
    public static ModelAnswer Of(ModelAnswer answer) => AnswerLosses.EachPart(answer, OfPart) with
    {
        Created = answer.Created == 0 ? 1_770_000_000 : answer.Created,
        Choices = answer.Choices,
    };


    private static Part? OfPart(Part part) => part;
}
