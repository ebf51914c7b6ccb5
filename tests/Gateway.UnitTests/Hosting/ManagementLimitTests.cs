using AIHigress.Gateway.Hosting;
using AIHigress.Gateway.Hosting.Web;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.Hosting;

public sealed class ManagementLimitTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    [Fact]
    public void Take_OverTheLimit_WaitsForTheWindowAndForgetsGradually()
    {
        var limit = new ManagementLimit(new Fixed(), _time);
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(limit.Take("u", 10, 60));
        }

        Assert.InRange(limit.Take("u", 10, 60)!.Value, 1, 60);
        Assert.Null(limit.Take("other", 10, 60));

        _time.Advance(TimeSpan.FromSeconds(90));
        var passed = Enumerable.Range(0, 20).Count(_ => limit.Take("u", 10, 60) is null);
        Assert.Equal(5, passed);

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => limit.Take("u", 10, 60) is null));
    }

    private sealed class Fixed : IOptionsMonitor<WebOptions>
    {
        public WebOptions CurrentValue { get; } = new();

        public WebOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<WebOptions, string?> listener) => null;
    }
}
