using System.Collections.Frozen;
using System.Data.Common;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity.Budgets;

/// <summary>Writes charges of budgets to the database and reads back what all replicas charged, every two seconds.</summary>
internal sealed partial class BudgetKeeper(BudgetBook book, IServiceScopeFactory scopes, TimeProvider time, ILogger<BudgetKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(3);
    private bool _failed;

    /// <summary>One turn: write, then read.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        var charges = book.Unwritten();
        if (charges.Count > 0)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            foreach (var ((key, start), amount) in charges)
            {
                await AddAsync(db, key, start, amount, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        var stored = await db.ApiKeySpending.AsNoTracking().ToListAsync(CancellationToken.None);
        book.Written(charges, stored.ToFrozenDictionary(s => s.ApiKeyId, s => new BudgetBook.Spent(s.PeriodStart, s.SpentMicro)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await TrySyncAsync(stoppingToken);
        }
        while (await timer.NextTurnAsync(stoppingToken));

        using var limit = new CancellationTokenSource(LongestStop, time);
        await TrySyncAsync(limit.Token);
    }

    private async Task TrySyncAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SyncAsync(cancellationToken);
            _failed = false;
        }
        catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException or TimeoutException or OperationCanceledException)
        {
            // What was not written stays in the book; the next turn tries again.
            if (!_failed && !cancellationToken.IsCancellationRequested)
            {
                SpendingNotKept(e);
            }

            _failed = true;
        }
    }

    // A later period replaces an earlier one; a charge that comes late for an earlier period is none of this one's.
    private static Task<int> AddAsync(GatewayDbContext db, Guid key, long start, long amount, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO api_key_spending (api_key_id, period_start, spent_micro)
            SELECT id, {start}, {amount} FROM api_keys WHERE id = {key}
            ON CONFLICT (api_key_id) DO UPDATE SET
                spent_micro = CASE
                    WHEN excluded.period_start = api_key_spending.period_start THEN api_key_spending.spent_micro + excluded.spent_micro
                    WHEN excluded.period_start > api_key_spending.period_start THEN excluded.spent_micro
                    ELSE api_key_spending.spent_micro END,
                period_start = CASE
                    WHEN excluded.period_start > api_key_spending.period_start THEN excluded.period_start
                    ELSE api_key_spending.period_start END
            """,
            cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What API keys spend of their budgets could not be stored; this replica counts on and tries again")]
    private partial void SpendingNotKept(Exception exception);
}
