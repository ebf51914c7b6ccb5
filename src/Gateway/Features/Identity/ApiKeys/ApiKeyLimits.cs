using System.ComponentModel;
using AIHigress.Gateway.Features.Identity.Budgets;

namespace AIHigress.Gateway.Features.Identity.ApiKeys;

/// <summary>How much a key may use.</summary>
public sealed record ApiKeyLimits
{
    [Description("Requests per minute, 1 to 1,000,000; null: no limit.")]
    public int? Rpm { get; init; }

    [Description("Tokens per minute, prompt and output together; null: no limit.")]
    public long? Tpm { get; init; }

    [Description("Requests at once; null: no limit.")]
    public int? Concurrency { get; init; }

    internal RequestLimits? ToLimits() => RequestLimits.Of(Rpm, Tpm, Concurrency);

    internal static ApiKeyLimits? From(RequestLimits? limits) =>
        limits is null ? null : new ApiKeyLimits { Rpm = limits.Rpm, Tpm = limits.Tpm, Concurrency = limits.Concurrency };
}

/// <summary>What a key may spend in each period.</summary>
public sealed record ApiKeyBudget
{
    [Description("Millionths of a credit.")]
    public required long AmountMicro { get; init; }

    [Description("day, week (from Monday), month, or total; begins at midnight of BILLING_TIMEZONE.")]
    public required BudgetPeriod Period { get; init; }

    internal KeyBudget ToBudget() => new(AmountMicro, Period);

    internal static ApiKeyBudget? From(KeyBudget? budget) =>
        budget is null ? null : new ApiKeyBudget { AmountMicro = budget.AmountMicro, Period = budget.Period };
}

/// <summary>A key's budget, and how it stands.</summary>
public sealed record ApiKeyBudgetView
{
    public required long AmountMicro { get; init; }
    public required BudgetPeriod Period { get; init; }

    [Description("Millionths of a credit spent in the present period; null while no charge is known.")]
    public required long? SpentMicro { get; init; }

    [Description("When the next period begins; null for the period total.")]
    public required DateTimeOffset? ResetsAt { get; init; }
}
