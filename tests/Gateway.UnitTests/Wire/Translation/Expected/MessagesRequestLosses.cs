using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Expected;

internal static class MessagesRequestLosses
{
    public static ModelRequest Legal(ModelRequest request) => RequestLosses.EachPart(request, (_, part) => [part is AudioPart or VideoPart ? new TextPart("no such thing") : part]) with
    {
        Format = request.Format is { Kind: ResponseFormatKind.JsonObject } ? null : request.Format,
        Choices = request.Choices > 1 ? null : request.Choices,
    };

    public static ModelRequest Expected(ModelRequest request)
    {
        var turns = Turns(request);
        var (reasoning, limit) = Thinking(request, turns);
        var isThinking = reasoning is { IsAdaptive: true } or { BudgetTokens: > 0 };
        var tools = Tools(request);
        var choice = request.ToolChoice ?? (request.ParallelToolCalls == false ? new ToolChoice(ToolChoiceMode.Auto) : null);
        return new ModelRequest
        {
            Model = request.Model,
            Stream = request.Stream,
            System = request.System,
            Messages = turns,
            Tools = tools,
            ToolChoice = tools.Count > 0 && choice is not null ? new ToolChoice(choice.Mode) { Name = choice.Name } : null,
            ParallelToolCalls = tools.Count > 0 && choice is { Mode: not ToolChoiceMode.None } ? request.ParallelToolCalls : null,
            MaxTokens = limit,
            Temperature = isThinking || request.Temperature is not { } temperature ? null : Math.Min(1, temperature),
            TopP = isThinking && request.TopP < 0.95 ? null : request.TopP,
            TopK = isThinking ? null : request.TopK,
            Stop = [.. request.Stop.Where(s => !string.IsNullOrWhiteSpace(s))],
            Format = request.Format is { Kind: ResponseFormatKind.JsonSchema } format ? new ResponseFormat(ResponseFormatKind.JsonSchema) { Schema = format.Schema } : null,
            Reasoning = reasoning,
            User = request.User,
        };
    }

    private static List<ToolDefinition> Tools(ModelRequest request) =>
    [
        .. request.Tools.Where(t => request.ToolChoice is not { Allowed.Count: > 0 } choice || choice.Allowed.Contains(t.Name)).Select(RequestLosses.AsFunction)
            .Select(t => t with { Parameters = t.Parameters ?? """{"type":"object","properties":{}}""" }),
    ];

    // A budget is at least 1024 and goes into the token limit on top of it; not with a forced call, not where an answer is to be continued, not where the running turn did not begin with thoughts.
    private static (ReasoningOptions? Wish, long Limit) Thinking(ModelRequest request, IReadOnlyList<Message> turns)
    {
        var limit = request.MaxTokens ?? 4096;
        if (request.Reasoning is not { } wish)
        {
            return (null, limit);
        }

        var budget = wish.BudgetTokens ?? (wish.IsAdaptive ? null : ReasoningScale.Budget(wish.Effort!));
        if (budget == 0)
        {
            return (new ReasoningOptions { BudgetTokens = 0 }, limit);
        }

        var running = turns.LastOrDefault(t => t.Role == Role.Assistant)?.Parts ?? [];
        var isForced = request.Tools.Count > 0 && request.ToolChoice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named;
        var isBegun = turns is [.., { Role: Role.Assistant }];
        if (isForced || isBegun || (budget is not null && running.Any(p => p is ToolCallPart) && running[0] is not ReasoningPart))
        {
            return (null, limit);
        }

        var effort = wish.IsAdaptive || wish.BudgetTokens is not null ? (wish.Effort == "minimal" ? "low" : wish.Effort) : null;
        if (budget is null)
        {
            return (new ReasoningOptions { IsAdaptive = true, Effort = effort, ShowThoughts = wish.ShowThoughts }, limit);
        }

        budget = Math.Max(1024, budget.Value);
        return (new ReasoningOptions { BudgetTokens = budget, Effort = effort, ShowThoughts = wish.ShowThoughts }, budget >= limit ? limit + budget.Value : limit);
    }

    // Instructions in the middle are marked text of the user; turns alternate; results stand first.
    private static List<Message> Turns(ModelRequest request)
    {
        var merged = new List<Message>();
        foreach (var message in RequestLosses.EachPart(request, Part).Messages)
        {
            var role = message.Role == Role.Assistant ? Role.Assistant : Role.User;
            if (merged.Count > 0 && merged[^1].Role == role)
            {
                merged[^1] = merged[^1] with { Parts = [.. merged[^1].Parts, .. message.Parts] };
            }
            else
            {
                merged.Add(new Message(role, message.Parts));
            }
        }

        // An answer that is to be continued must not end in blanks.
        if (merged is [.., { Role: Role.Assistant, Parts: [.., TextPart last] } open])
        {
            merged[^1] = open with { Parts = [.. open.Parts.SkipLast(1), last with { Text = last.Text.TrimEnd() }] };
        }

        return [.. merged.Select(m => m with { Parts = [.. m.Parts.OrderBy(p => p is ToolResultPart ? 0 : 1)] })];
    }

    private static IEnumerable<Part> Part(Message message, Part part) => part switch
    {
        TextPart text when message.Role == Role.System => [text with { Text = $"<system>\n{text.Text}\n</system>" }],
        TextPart text when string.IsNullOrWhiteSpace(text.Text) => [],
        RefusalPart refusal => string.IsNullOrWhiteSpace(refusal.Text) ? [] : [new TextPart(refusal.Text)],
        ReasoningPart thoughts => RequestLosses.Own(WireProtocol.Messages, thoughts.Seal) is { } seal ? [thoughts with { Seal = seal, Id = null }] : [],
        ToolCallPart call => [RequestLosses.AsFunction(call) with { Seal = null }],
        ToolResultPart result => [result with { Name = null, IsCustom = false, Content = [.. result.Content.Where(p => p is not TextPart { Text: "" }).Select(Media)] }],
        _ => [Media(part)],
    };

    private static Part Media(Part part) => part switch
    {
        ImagePart image => image with { Detail = null },
        FilePart { Source.Url: not null } file => file with { Source = file.Source with { MediaType = "application/pdf" } },
        _ => part,
    };
}
