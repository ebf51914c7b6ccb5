using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>Whole answers of upstreams.</summary>
internal static class AnswerGen
{
    /// <summary>One choice mostly, up to three.</summary>
    public static readonly Gen<ModelAnswer> Any = new DiceGen<ModelAnswer>(Make);

    public static ModelAnswer Make(Dice dice)
    {
        var choices = dice.Percent(80) ? 1 : dice.Between(2, 3);
        return new ModelAnswer
        {
            Id = dice.Percent(10) ? "" : TextGen.Id(dice, dice.OneOf("chatcmpl-", "msg_", "resp_", "")),
            Model = dice.Percent(10) ? "" : dice.OneOf("m", "gpt-4o-2024-08-06", "modèle \"x\""),
            Created = dice.OneOf(0L, 1_760_000_000L),
            Choices = [.. Enumerable.Range(0, choices).Select(index => Choice(dice, index))],
            Usage = dice.Percent(10) ? null : Usage(dice),
        };
    }

    public static TokenUsage Usage(Dice dice) => new(Count(dice), Count(dice), Count(dice), Count(dice), Count(dice));

    private static long Count(Dice dice) => dice.OneOf(0L, 0L, 1L, 17L, 1024L, 3_000_000_000L);

    private static AnswerChoice Choice(Dice dice, int index)
    {
        var parts = Parts(dice);
        var finish = parts switch
        {
            _ when parts.Exists(p => p is ToolCallPart) => FinishReason.ToolCalls,
            _ when parts.Exists(p => p is RefusalPart) => FinishReason.Refusal,
            _ => dice.OneOf(FinishReason.Stop, FinishReason.Stop, FinishReason.Length, FinishReason.ContentFilter, FinishReason.Pause),
        };
        return new AnswerChoice(index, parts, finish, finish == FinishReason.Stop ? dice.Maybe(25, () => TextGen.Text(dice)) : null);
    }

    private static List<Part> Parts(Dice dice)
    {
        var parts = new List<Part>();
        if (dice.Percent(40))
        {
            parts.AddRange(dice.Many(1, 2, () => PartGen.Reasoning(dice)));
        }

        if (dice.Percent(70))
        {
            parts.Add(new TextPart(TextGen.Text(dice)));
        }

        if (dice.Percent(40))
        {
            parts.AddRange(dice.Many(1, 3, () => Call(dice)));

            // A model may say more after its calls, and think again.
            if (dice.Percent(15))
            {
                parts.Add(new TextPart(TextGen.Text(dice)));
                parts.AddRange(dice.Many(0, 1, () => Call(dice)));
            }
        }
        else if (dice.Percent(10))
        {
            parts.Add(new RefusalPart(TextGen.Text(dice)));
        }

        return parts;
    }

    private static ToolCallPart Call(Dice dice)
    {
        var isCustom = dice.Percent(20);
        return PartGen.Call(dice, isCustom ? new CustomTool(PartGen.CustomPrefix + TextGen.ToolName(dice)) : new FunctionTool(TextGen.ToolName(dice))) with { Cache = null };
    }
}
