using AIHigress.Gateway.Features.Identity.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.Identity;

public sealed class AttemptLimiterTests
{
    private static readonly AttemptLimit Three = new(3, TimeSpan.FromMinutes(1));

    private readonly FakeTimeProvider _clock = new();
    private readonly AttemptLimiter _limiter;

    public AttemptLimiterTests() => _limiter = new AttemptLimiter(_clock);

    [Fact]
    public void Begin_AfterTheLastFailure_WaitsOneWindow()
    {
        for (var i = 0; i < 3; i++)
        {
            Fail("a");
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(TimeSpan.FromSeconds(50), _limiter.Begin("k", "a", Three).Wait);
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.NotNull(_limiter.Begin("k", "a", Three).Attempt);
    }

    [Fact]
    public void Begin_FailuresThatAreOld_DontCount()
    {
        Fail("a");
        Fail("a");
        _clock.Advance(TimeSpan.FromMinutes(1));

        Fail("a");

        Assert.NotNull(_limiter.Begin("k", "a", Three).Attempt);
    }

    [Fact]
    public void Begin_WhileAsManyAreRunning_IsRefused()
    {
        var running = Enumerable.Range(0, 3).Select(_ => _limiter.Begin("k", "a", Three).Attempt!).ToList();
        Assert.Null(_limiter.Begin("k", "a", Three).Attempt);

        running[0].Dispose();

        Assert.NotNull(_limiter.Begin("k", "a", Three).Attempt);
    }

    [Fact]
    public void Begin_OtherSubjectsAndKinds_AreApart()
    {
        for (var i = 0; i < 3; i++)
        {
            Fail("a");
        }

        Assert.NotNull(_limiter.Begin("k", "b", Three).Attempt);
        Assert.NotNull(_limiter.Begin("other", "a", Three).Attempt);
    }

    [Fact]
    public void Succeeded_ForgetsFailures()
    {
        Fail("a");
        Fail("a");

        _limiter.Begin("k", "a", Three).Attempt!.Succeeded();
        Fail("a");

        Assert.NotNull(_limiter.Begin("k", "a", Three).Attempt);
    }

    [Fact]
    public void Parse_CountAndSeconds_AreRead()
    {
        Assert.Equal(new AttemptLimit(5, TimeSpan.FromSeconds(60)), AttemptLimit.Parse("5/60"));
    }

    private void Fail(string subject) => _limiter.Begin("k", subject, Three).Attempt!.Failed();
}
