using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Reads <c>thinking</c> and <c>output_config.effort</c>.</summary>
internal static class ThinkingReader
{
    public static ReasoningOptions? Read(JsonFields? thinking, string? effort)
    {
        if (thinking is not { } fields)
        {
            return effort is null ? null : new ReasoningOptions { Effort = effort };
        }

        var options = new ReasoningOptions { Effort = effort, ShowThoughts = ReadDisplay(fields) };
        return fields.RequireText("type") switch
        {
            "enabled" => options with { BudgetTokens = ReadBudget(fields) },
            "adaptive" or "between_tools" => options with { IsAdaptive = true },

            // Effort without thinking is about how thorough the text is; elsewhere the same word would switch thinking on.
            "disabled" => new ReasoningOptions { BudgetTokens = 0 },
            _ => throw fields.Bad("type", "must be enabled, adaptive, between_tools or disabled"),
        };
    }

    private static long ReadBudget(JsonFields fields) => fields.Integer("budget_tokens") switch
    {
        null => throw fields.Missing("budget_tokens"),
        <= 0 => throw fields.Bad("budget_tokens", "must be positive"),
        var budget => budget.Value,
    };

    private static bool? ReadDisplay(JsonFields fields) => fields.Text("display") switch
    {
        null => null,
        "omitted" => false,
        _ => true,
    };
}
