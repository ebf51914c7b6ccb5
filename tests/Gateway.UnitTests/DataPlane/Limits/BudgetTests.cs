using System.Collections.Frozen;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Budgets;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Limits;

public sealed class BudgetTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 18, 22, 30, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private readonly FakeTimeProvider _time = new(Now);
    private readonly BudgetBook _book;

    public BudgetTests() => _book = new LimitKit(_time).Budgets;

    [Theory]
    [InlineData(BudgetPeriod.Day, "2026-03-17T23:00:00Z", "2026-03-18T23:00:00Z")]
    [InlineData(BudgetPeriod.Week, "2026-03-15T23:00:00Z", "2026-03-22T23:00:00Z")]
    [InlineData(BudgetPeriod.Month, "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z")]
    [InlineData(BudgetPeriod.Total, "1970-01-01T00:00:00Z", null)]
    public void Calendar_Period_BeginsAtLocalMidnight(BudgetPeriod period, string start, string? end)
    {
        Assert.Equal(DateTimeOffset.Parse(start), BudgetCalendar.Start(period, Now, Berlin, null));
        Assert.Equal(end is null ? null : DateTimeOffset.Parse(end), BudgetCalendar.End(period, Now, Berlin));
    }

    [Fact]
    public void Calendar_ResetWithinThePeriod_BeginsItAnew()
    {
        Assert.Equal(Now.AddHours(-1), BudgetCalendar.Start(BudgetPeriod.Day, Now, TimeZoneInfo.Utc, Now.AddHours(-1)));
        Assert.Equal(Now.Date, BudgetCalendar.Start(BudgetPeriod.Day, Now, TimeZoneInfo.Utc, Now.AddDays(-1)).UtcDateTime);
    }

    [Fact]
    public void Charge_UpToTheAmount_SpendsTheBudgetUntilItsPeriodEnds()
    {
        var caller = Caller(1000, BudgetPeriod.Day);
        Assert.Null(Spent(caller));
        _book.Charge(caller, null);
        Assert.Null(Spent(caller));

        _book.Charge(caller, 999);
        Assert.False(_book.IsSpent(caller, out _));
        _book.Charge(caller, 1);

        Assert.True(_book.IsSpent(caller, out var resetsAt));
        Assert.Equal((1000L, Now.Date.AddDays(1)), (Spent(caller), resetsAt!.Value.UtcDateTime));
        _time.SetUtcNow(resetsAt.Value);
        Assert.False(_book.IsSpent(caller, out _));
        Assert.Null(Spent(caller));
    }

    [Fact]
    public void Written_ChargesWentToTheDatabase_CountOnce()
    {
        var caller = Caller(1000, BudgetPeriod.Total);
        _book.Charge(caller, 300);
        var written = _book.Unwritten();
        _book.Charge(caller, 50);

        _book.Written(written, new Dictionary<Guid, BudgetBook.Spent> { [caller.KeyId] = new(0, 700) }.ToFrozenDictionary());

        Assert.Equal(750, Spent(caller));
        Assert.Equal(50, Assert.Single(_book.Unwritten()).Value);
    }

    private long? Spent(ApiCaller caller) => _book.Spending(caller.KeyId, caller.Budget!, caller.BudgetResetAt);

    private static ApiCaller Caller(long amount, BudgetPeriod period) => new()
    {
        KeyId = Guid.NewGuid(),
        KeyName = "test",
        UserId = Guid.NewGuid(),
        Budget = new KeyBudget(amount, period),
    };
}
