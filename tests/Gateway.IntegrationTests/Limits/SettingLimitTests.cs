using System.Globalization;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Limits;

/// <summary>Limits that come from settings: of users, and of addresses that send unknown keys.</summary>
public sealed class SettingLimitTests : IAsyncLifetime
{
    private const string OtherKey = "sk-test-key-two-of-the-same-user";
    private GatewaySite _site = null!;
    private string _address = null!;

    public async ValueTask InitializeAsync()
    {
        var declaration = new GatewayDeclaration().ApiKey("other", OtherKey);
        declaration.Environment["DEFAULT_USER_RPM"] = "4";
        declaration.Environment["UNKNOWN_KEY_LIMIT"] = "10/60";
        _site = new GatewaySite(declaration);
        _address = (await _site.StartAsync()).Address;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Ask_UserUsedUpHisRequests_NoneOfHisKeysMayAsk()
    {
        using var one = new ChatClient(_address, GatewaySite.Key);
        using var other = new ChatClient(_address, OtherKey);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(404, (await (i % 2 == 0 ? one : other).AskAsync("nothing")).Status);
        }

        var refused = await other.AskAsync("nothing");

        Assert.Equal(429, refused.Status);
        Assert.StartsWith("The user of this API key may make 4 requests per minute.", refused.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_FloodOfUnknownKeys_Is401AndThen429AndGoodKeysStillWork()
    {
        using var good = new ChatClient(_address, GatewaySite.Key);
        var statuses = new List<int>();
        for (var i = 0; i < 30; i++)
        {
            using var stranger = new ChatClient(_address, $"sk-guess-number-{i.ToString(CultureInfo.InvariantCulture)}");
            var reply = i % 3 == 0 ? await stranger.GetAsync("/v1/models") : await stranger.AskAsync("nothing");
            statuses.Add(reply.Status);
            Assert.Equal(reply.Status == 429, reply.Headers.ContainsKey("Retry-After"));
        }

        Assert.All(statuses.Take(10), status => Assert.Equal(401, status));
        Assert.InRange(statuses.Count(s => s == 401), 10, 13);
        Assert.Equal(429, statuses[^1]);
        Assert.Equal(200, (await good.GetAsync("/v1/models")).Status);
    }
}
