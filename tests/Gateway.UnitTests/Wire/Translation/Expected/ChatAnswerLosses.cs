using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class ChatAnswerLosses
{
    public static ModelAnswer Of(ModelAnswer answer) => AnswerLosses.EachPart(answer, OfPart) with
    {
        Created = answer.Created == 0 ? 1_770_000_000 : answer.Created,
        Choices = answer.Choices,
    };

    /// <summary>A message has one place for thoughts, one for text, one for a refusal and a list of calls.</summary>
    public static ModelAnswer InMessageOrder(ModelAnswer answer) => answer;

    private static Part? OfPart(Part part) => part;
}
