using AIHigress.Gateway.DataPlane.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Sessions;

public sealed class RecentEntriesTests
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Put_MoreThanItHolds_ForgetsTheOldestAndKeepsWhatIsUsed()
    {
        var entries = new RecentEntries<string>(100, static _ => 1, _clock);
        for (var i = 0; i < 1000; i++)
        {
            entries.Put($"k{i}", $"v{i}", Life);
            entries.Put("used", "yes", Life);
        }

        Assert.InRange(entries.All(_ => Life).Count(), 100, 200);
        Assert.Equal(("yes", "v999", null), (entries.Find("used", Life), entries.Find("k999", Life), entries.Find("k0", Life)));
    }

    [Fact]
    public void Find_NotTouchedForItsLife_IsGone()
    {
        var entries = new RecentEntries<string>(100, static _ => 1, _clock);
        entries.Put("a", "1", Life);
        _clock.Advance(Life - TimeSpan.FromSeconds(1));
        Assert.Equal("1", entries.Find("a", Life));
        entries.Put("a", "2", Life);
        _clock.Advance(Life - TimeSpan.FromSeconds(1));
        Assert.Equal("2", entries.Find("a", Life));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(entries.Find("a", Life));
        Assert.Empty(entries.All(_ => Life));
    }

    [Fact]
    public void Put_LargeEntries_CountsWhatTheyCost()
    {
        var entries = new RecentEntries<string>(1000, static v => v.Length, _clock);
        for (var i = 0; i < 100; i++)
        {
            entries.Put("same", new string('x', 300), Life);
        }

        entries.Put("other", "y", Life);
        Assert.Equal(2, entries.All(_ => Life).Count());
        for (var i = 0; i < 20; i++)
        {
            entries.Put($"k{i}", new string('x', 500), Life);
        }

        Assert.Null(entries.Find("other", Life));
    }

    [Fact]
    public void Remove_InEitherGeneration_IsGone()
    {
        var entries = new RecentEntries<string>(2, static _ => 1, _clock);
        entries.Put("a", "1", Life);
        entries.Put("b", "1", Life);
        entries.Put("c", "1", Life);
        entries.Remove("a");
        entries.Remove("c");

        Assert.Equal(("1", null, null), (entries.Find("b", Life), entries.Find("a", Life), entries.Find("c", Life)));
    }
}
