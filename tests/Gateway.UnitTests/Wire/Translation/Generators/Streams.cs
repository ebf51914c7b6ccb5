using AIHigress.Wire.Translation.Answers;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>An answer, and one of the ways in which it can arrive.</summary>
internal sealed record StreamCase(ModelAnswer Answer, List<SinkCall> Calls);

internal static class Streams
{
    public static readonly Gen<StreamCase> Any = Of(answer => answer);

    /// <param name="legal">Takes out of an answer what can't be in it.</param>
    public static Gen<StreamCase> Of(Func<ModelAnswer, ModelAnswer> legal) => new DiceGen<StreamCase>(dice =>
    {
        var answer = legal(AnswerGen.Make(dice));
        return new StreamCase(answer, EventGen.Make(dice, answer));
    });
}
