using AIHigress.Wire.Translation.Requests;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>
/// Requests that hold whatever a request can hold. The turns alternate, calls are answered in the turn that follows, results stand in front of
/// what the user says, and what assistants said is in the order in which every protocol can say it: thoughts, text, refusal, calls.
/// </summary>
internal static class RequestGen
{
    public static readonly Gen<ModelRequest> Any = new DiceGen<ModelRequest>(Make);

    public static ModelRequest Make(Dice dice)
    {
        var tools = Tools(dice);
        var request = new ModelRequest
        {
            Model = dice.OneOf("m", "gpt-5-mini", "org/model:free", "modèle \"x\""),
            Stream = dice.Percent(50),
            System = dice.Percent(50) ? dice.Many(1, 2, () => PartGen.Text(dice)) : [],
            Messages = Turns(dice, tools),
            Tools = tools,
            ToolChoice = tools.Count > 0 ? dice.Maybe(60, () => Choice(dice, tools)) : null,
            ParallelToolCalls = tools.Count > 0 ? dice.MaybeOf(40, true, false) : null,
            Format = dice.Maybe(30, () => Format(dice)),
            Reasoning = dice.Maybe(40, () => Reasoning(dice)),
        };
        return dice.Percent(60) ? WithOptions(dice, request) : request;
    }

    private static ModelRequest WithOptions(Dice dice, ModelRequest request) => request with
    {
        MaxTokens = dice.MaybeOf(60, 1L, 4096L, 2_000_000L),
        Temperature = dice.MaybeOf(50, 0, 0.7, 1, 1.9),
        TopP = dice.MaybeOf(50, 0, 0.95, 1),
        TopK = dice.MaybeOf(30, 1L, 40L),
        PresencePenalty = dice.MaybeOf(30, -2, 0, 0.25),
        FrequencyPenalty = dice.MaybeOf(30, -0.5, 0, 2),
        Seed = dice.MaybeOf(30, 0L, 42L, -7L),
        Stop = dice.Percent(40) ? [.. dice.Many(1, 4, () => TextGen.Text(dice)).Distinct()] : [],
        Choices = dice.MaybeOf(25, 1, 2, 3),
        User = dice.Maybe(30, () => TextGen.Plain(dice)),
        Metadata = dice.Percent(25) ? [.. dice.Many(1, 3, () => KeyValuePair.Create(TextGen.Plain(dice), TextGen.Text(dice))).DistinctBy(p => p.Key)] : [],
        Verbosity = dice.Maybe(25, () => dice.OneOf("low", "medium", "high")),
        ServiceTier = dice.Maybe(25, () => dice.OneOf("auto", "default", "flex", "priority")),
        PromptCacheKey = dice.Maybe(25, () => TextGen.Plain(dice)),
    };

    private static List<ToolDefinition> Tools(Dice dice) =>
        dice.Percent(35) ? [] : [.. dice.Many(1, 3, () => Tool(dice)).DistinctBy(t => t.Name)];

    private static ToolDefinition Tool(Dice dice)
    {
        var description = dice.Maybe(60, () => TextGen.Text(dice));
        return dice.Percent(25)
            ? new CustomTool(PartGen.CustomPrefix + TextGen.ToolName(dice))
            {
                Description = description,
                Format = dice.Maybe(40, () => """{"type":"grammar","syntax":"lark","definition":"start: \"a\""}"""),
            }
            : new FunctionTool(TextGen.ToolName(dice))
            {
                Description = description,
                Parameters = dice.Maybe(80, () => TextGen.Schema(dice)),
                Strict = dice.MaybeOf(30, true, false),
                Cache = PartGen.Cache(dice),
            };
    }

    private static ToolChoice Choice(Dice dice, List<ToolDefinition> tools)
    {
        var mode = dice.OneOf(Enum.GetValues<ToolChoiceMode>());
        return new ToolChoice(mode)
        {
            Name = mode == ToolChoiceMode.Named ? dice.OneOf<ToolDefinition>([.. tools]).Name : null,
            Allowed = mode is ToolChoiceMode.Auto or ToolChoiceMode.Required && dice.Percent(30) ? [tools[0].Name] : [],
        };
    }

    private static List<Message> Turns(Dice dice, List<ToolDefinition> tools)
    {
        var turns = new List<Message>();
        List<ToolCallPart> calls = [];
        for (var left = dice.Between(1, 3); left > 0; left--)
        {
            List<Part> said = [.. calls.Select(call => PartGen.Result(dice, call)), .. dice.Many(calls.Count > 0 ? 0 : 1, 3, () => PartGen.OfUser(dice))];
            if (turns.Count == 0)
            {
                // A conversation of nothing but blanks is none for some.
                said.Add(new TextPart("? " + TextGen.Text(dice)));
            }

            turns.Add(new Message(Role.User, said));
            if (dice.Percent(12))
            {
                turns.Add(new Message(Role.System, [PartGen.Text(dice)]));
            }

            calls = tools.Count == 0 || dice.Percent(40) ? [] : dice.Many(1, 3, () => PartGen.Call(dice, dice.OneOf<ToolDefinition>([.. tools])));
            if (left > 1 || calls.Count > 0)
            {
                turns.Add(new Message(Role.Assistant, Said(dice, calls)));
            }
        }

        if (calls.Count > 0)
        {
            turns.Add(new Message(Role.User, [.. calls.Select(call => PartGen.Result(dice, call))]));
        }

        return turns;
    }

    private static List<Part> Said(Dice dice, List<ToolCallPart> calls)
    {
        var parts = new List<Part>();
        if (dice.Percent(40))
        {
            parts.AddRange(dice.Many(1, 2, () => PartGen.Reasoning(dice)));
        }

        if (calls.Count == 0 || dice.Percent(50))
        {
            parts.AddRange(dice.Many(1, 2, () => PartGen.Text(dice)));
        }

        if (calls.Count == 0 && dice.Percent(15))
        {
            parts.Add(new RefusalPart(TextGen.Text(dice)));
        }

        parts.AddRange(calls);
        return parts;
    }

    private static ResponseFormat Format(Dice dice) => dice.Below(4) switch
    {
        0 => new ResponseFormat(ResponseFormatKind.Text),
        1 => new ResponseFormat(ResponseFormatKind.JsonObject),
        _ => new ResponseFormat(ResponseFormatKind.JsonSchema)
        {
            Name = dice.OneOf("answer", "x-1"),
            Description = dice.Maybe(40, () => TextGen.Text(dice)),
            Schema = TextGen.Schema(dice),
            Strict = dice.MaybeOf(50, true, false),
        },
    };

    private static ReasoningOptions Reasoning(Dice dice) => dice.Below(3) switch
    {
        0 => new ReasoningOptions { Effort = dice.OneOf("none", "minimal", "low", "medium", "high", "xhigh", "max"), Summary = dice.Maybe(40, () => dice.OneOf("auto", "concise", "detailed")) },
        1 => new ReasoningOptions { BudgetTokens = dice.OneOf(0L, 512L, 1024L, 4096L, 16384L, 24576L, 32768L), ShowThoughts = dice.MaybeOf(40, true, false) },
        _ => new ReasoningOptions { IsAdaptive = true, ShowThoughts = dice.MaybeOf(40, true, false) },
    };
}
