using AIHigress.Gateway.DataPlane;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Budgets;
using AIHigress.Gateway.Hosting.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.UnitTests.DataPlane.Limits;

/// <summary>The limits of one replica without Redis.</summary>
internal sealed class LimitKit
{
    public LimitKit(TimeProvider time)
    {
        var link = new RedisLink(new Fixed<RedisOptions>(new RedisOptions()), NullLogger<RedisLink>.Instance);
        Metrics = new LimitMetrics(link, new ConcurrencyGate(new Fixed<DataPlaneOptions>(new DataPlaneOptions()), time));
        Board = new LimitBoard(time);
        Counter = new LimitCounter(new SharedLimits(link, Metrics, LeaseTimes.Usual, time));
        Upstream = new UpstreamLimits(Board, Counter);
        Budgets = new BudgetBook(new Fixed<BudgetOptions>(new BudgetOptions()), time);
        Callers = new CallerLimits(Board, Counter, Budgets, Metrics, new Fixed<ApiKeyOptions>(Options));
    }

    public ApiKeyOptions Options { get; } = new();

    public LimitMetrics Metrics { get; }

    public LimitBoard Board { get; }

    public LimitCounter Counter { get; }

    public UpstreamLimits Upstream { get; }

    public BudgetBook Budgets { get; }

    public CallerLimits Callers { get; }

    internal sealed class Fixed<T>(T value) : IOptionsMonitor<T>
    {
        public T CurrentValue => value;

        public T Get(string? name) => value;

        public IDisposable? OnChange(Action<T, string?> listener) => null;
    }
}
