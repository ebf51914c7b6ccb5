namespace AIHigress.Gateway.Features.Identity.Budgets;

/// <summary>What a key may spend in each period, in millionths of a credit.</summary>
public sealed record KeyBudget(long AmountMicro, BudgetPeriod Period)
{
    /// <summary>The budget, or null when there is none.</summary>
    public static KeyBudget? Of(long? amountMicro, BudgetPeriod? period) =>
        amountMicro is { } amount && period is { } each ? new KeyBudget(amount, each) : null;
}

public enum BudgetPeriod
{
    Day,

    /// <summary>Begins on Monday.</summary>
    Week,
    Month,

    /// <summary>Never begins anew by itself.</summary>
    Total,
}
