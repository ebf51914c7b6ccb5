namespace AIHigress.Wire.Translation;

/// <summary>Between OpenAI's words for effort and the token budgets of Anthropic and Gemini. Budget(effort) and Effort(budget) agree both ways.</summary>
public static class ReasoningScale
{
    private static readonly (string Effort, long Budget)[] Steps =
    [
        ("none", 0), ("minimal", 512), ("low", 1024), ("medium", 4096), ("high", 16384), ("xhigh", 24576), ("max", 32768),
    ];

    /// <summary>Tokens to think with; the budget of medium for a word nobody knows.</summary>
    public static long Budget(string effort) =>
        Array.Find(Steps, s => s.Effort == effort) is { Effort: not null } step ? step.Budget : 4096;

    /// <summary>The weakest word whose budget is at least this one; the strongest beyond.</summary>
    public static string Effort(long budget) =>
        Array.Find(Steps, s => s.Budget >= budget) is { Effort: not null } step ? step.Effort : "max";
}
