namespace AIHigress.Gateway.Features.Identity.Budgets;

/// <summary>What a key may spend in each period, in millionths of a credit.</summary>
public sealed record KeyBudget(long AmountMicro, BudgetPeriod Period);

public enum BudgetPeriod
{
    Day,

    /// <summary>Begins on Monday.</summary>
    Week,
    Month,

    /// <summary>Never begins anew by itself.</summary>
    Total,
}
