using System.Collections.Concurrent;
using System.Collections.Frozen;
using AIHigress.Gateway.Common;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.Budgets;

/// <summary>
/// What keys have spent of their budgets: what the database knew a moment ago, and what this process was told of since.
/// Another replica's charges come in with the next look at the database.
/// </summary>
public sealed class BudgetBook(IOptionsMonitor<BudgetOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(Guid Key, long Start), long> _unwritten = new();
    private volatile FrozenDictionary<Guid, Spent> _stored = FrozenDictionary<Guid, Spent>.Empty;

    /// <summary>Counts what a finished request of the key costs. A charge that is not known (null) counts nothing.</summary>
    public void Charge(ApiCaller caller, long? chargeMicro)
    {
        if (caller.Budget is { } budget && chargeMicro is { } amount)
        {
            _unwritten.AddOrUpdate((caller.KeyId, StartOf(budget, caller.BudgetResetAt)), amount, (_, sum) => sum + amount);
        }
    }

    /// <summary>Whether the key has used up its budget; then also when it begins anew (null: never by itself).</summary>
    public bool IsSpent(ApiCaller caller, out DateTimeOffset? resetsAt)
    {
        resetsAt = null;
        if (caller.Budget is not { } budget || !(Spending(caller.KeyId, budget, caller.BudgetResetAt) >= budget.AmountMicro))
        {
            return false;
        }

        resetsAt = ResetsAt(budget);
        return true;
    }

    /// <summary>Spent in the present period; null while no charge is known.</summary>
    public long? Spending(Guid keyId, KeyBudget budget, DateTimeOffset? resetAt)
    {
        var start = StartOf(budget, resetAt);
        var stored = _stored.TryGetValue(keyId, out var row) && row.Start == start ? row.Micro : (long?)null;
        return _unwritten.TryGetValue((keyId, start), out var since) ? (stored ?? 0) + since : stored;
    }

    public DateTimeOffset? ResetsAt(KeyBudget budget) => BudgetCalendar.End(budget.Period, time.GetUtcNow(), options.CurrentValue.Zone);

    /// <summary>Charges that no database has yet. They stay in the book until <see cref="Written"/>.</summary>
    internal IReadOnlyList<KeyValuePair<(Guid Key, long Start), long>> Unwritten() => [.. _unwritten];

    /// <summary>Takes over what the database has, into which some charges went.</summary>
    internal void Written(IReadOnlyList<KeyValuePair<(Guid Key, long Start), long>> charges, FrozenDictionary<Guid, Spent> stored)
    {
        // The sum first: for a moment a charge counts twice rather than not at all.
        _stored = stored;
        foreach (var (key, amount) in charges)
        {
            var left = _unwritten.AddOrUpdate(key, 0, (_, sum) => sum - amount);
            if (left == 0)
            {
                _unwritten.TryRemove(KeyValuePair.Create(key, 0L));
            }
        }
    }

    private long StartOf(KeyBudget budget, DateTimeOffset? resetAt) =>
        UnixMicroseconds.From(BudgetCalendar.Start(budget.Period, time.GetUtcNow(), options.CurrentValue.Zone, resetAt));

    /// <summary>A row of the database.</summary>
    internal readonly record struct Spent(long Start, long Micro);
}
