using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.Features.Providers.Health.Reading;

namespace AIHigress.Gateway.UnitTests.Providers.Health;

public sealed class UptimeMathTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Start.AddHours(10);

    [Fact]
    public void Share_NoChange_IsTheHealthOfTheWholeSpan()
    {
        Assert.Equal(1, UptimeMath.Share([], ProviderHealth.Healthy, Start, End));
        Assert.Equal(0, UptimeMath.Share([], ProviderHealth.Down, Start, End));
        Assert.Null(UptimeMath.Share([], ProviderHealth.Unknown, Start, End));
    }

    [Fact]
    public void Share_Changes_DownCountsAgainstItAndUnknownNeitherWay()
    {
        // 2 h unknown, 3 h healthy, 2 h down, 1 h degraded, 2 h healthy.
        ProviderEvent[] changes =
        [
            Change(2, ProviderHealth.Unknown, ProviderHealth.Healthy), Change(5, ProviderHealth.Healthy, ProviderHealth.Down),
            Change(7, ProviderHealth.Down, ProviderHealth.Degraded), Change(8, ProviderHealth.Degraded, ProviderHealth.Healthy),
        ];

        Assert.Equal(6.0 / 8, UptimeMath.Share(changes, ProviderHealth.Healthy, Start, End));
    }

    [Fact]
    public void Share_Days_UnseenMinutesCountNeitherWay() =>
        Assert.Equal(0.75, UptimeMath.Share([new ProviderUptime { ProviderId = "p", Up = 20, Degraded = 10, Down = 10, Unseen = 1000 }]));

    private static ProviderEvent Change(int hours, ProviderHealth from, ProviderHealth to) =>
        new() { ProviderId = "p", Kind = ProviderEvent.HealthChanged, CreatedAt = Start.AddHours(hours), From = from, To = to };
}
