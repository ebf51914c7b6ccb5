using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>What becomes of the wish to think, and the token limit that goes with it.</summary>
internal sealed record ThinkingPlan
{
    private const long SmallestBudget = 1024;

    // Far above any model's; sums with it stay in range.
    private const long LargestBudget = int.MaxValue;

    public required long MaxTokens { get; init; }

    /// <summary>Tokens to think with; 0: switched off by the client; null: no budget.</summary>
    public long? Budget { get; init; }

    public bool IsAdaptive { get; init; }

    /// <summary><c>output_config.effort</c>; null: not written.</summary>
    public string? Effort { get; init; }

    public bool? ShowThoughts { get; init; }

    public bool IsOn => IsAdaptive || Budget > 0;

    public static ThinkingPlan Of(ModelRequest request, RequestTarget target, IReadOnlyList<Turn> turns)
    {
        var limit = request.MaxTokens ?? target.DefaultMaxTokens;
        if (request.Reasoning is not { } wish)
        {
            return new ThinkingPlan { MaxTokens = limit };
        }

        var budget = wish.BudgetTokens ?? (wish is { IsAdaptive: false, Effort: { } effort } ? ReasoningScale.Budget(effort) : null);
        var plan = new ThinkingPlan
        {
            MaxTokens = limit,
            IsAdaptive = wish.IsAdaptive && budget is null,
            Budget = budget is > 0 ? Math.Clamp(budget.Value, SmallestBudget, LargestBudget) : budget,
            Effort = wish.IsAdaptive || wish.BudgetTokens > 0 ? EffortOf(wish.Effort) : null,
            ShowThoughts = wish.ShowThoughts,
        };
        if (plan.IsOn && IsForbidden(request, plan, turns))
        {
            plan = plan with { Budget = null, IsAdaptive = false, Effort = null };
        }

        // The budget is part of max_tokens and must leave room for the answer.
        return plan.Budget >= limit ? plan with { MaxTokens = limit + plan.Budget.Value } : plan;
    }

    public void Write(Utf8JsonWriter json)
    {
        if (Budget is null && !IsAdaptive)
        {
            return;
        }

        json.WriteStartObject("thinking"u8);
        json.WriteString("type"u8, IsAdaptive ? "adaptive"u8 : Budget > 0 ? "enabled"u8 : "disabled"u8);
        if (Budget > 0)
        {
            json.WriteNumber("budget_tokens"u8, Budget.Value);
        }

        if (IsOn && ShowThoughts is { } show)
        {
            json.WriteString("display"u8, show ? "summarized"u8 : "omitted"u8);
        }

        json.WriteEndObject();
    }

    private static string? EffortOf(string? word) => word is "minimal" ? "low" : word is "low" or "medium" or "high" or "xhigh" or "max" ? word : null;

    private static bool IsForbidden(ModelRequest request, ThinkingPlan plan, IReadOnlyList<Turn> turns)
    {
        // The API refuses thinking together with a call that must be made.
        if (request.Tools.Count > 0 && request.ToolChoice?.Mode is (ToolChoiceMode.Required or ToolChoiceMode.Named))
        {
            return true;
        }

        // Nor is there thinking in the middle of an answer, where one that the client has begun goes on.
        if (turns.Count > 0 && turns[^1].IsAssistant)
        {
            return true;
        }

        // Inside a tool loop the running answer must begin with its signed thoughts; where another model began it, there are none.
        var running = turns.LastOrDefault(t => t.IsAssistant);
        return !plan.IsAdaptive && running is not null && running.Parts.Any(p => p is ToolCallPart) && running.Parts[0] is not ReasoningPart;
    }
}
