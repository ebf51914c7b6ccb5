using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>What is wrong with one key of a provider is no reason to leave the provider.</summary>
public sealed class KeyRestTests(SharedWorlds worlds) : FaultTests(worlds)
{
    private const int Requests = 30;

    public static readonly string[] Models = ["key-limited", "key-refused", "keys-limited", "keys-unavailable"];

    [Theory]
    [InlineData("key-limited", 429, "rate_limited")]
    [InlineData("key-refused", 401, "auth")]
    public async Task Chat_OneKeyFails_TheOtherKeyOfTheProviderServes(string model, int status, string category)
    {
        var failing = GatewayDeclaration.SecretOf(model, "one");
        await World.FaultyMock.Control.ScriptAsync(model + "-model", new Behaviour { Status = status, RetryAfter = status == 429 ? "60" : null }, failing);
        var retried = 0;
        for (var i = 0; i < Requests; i++)
        {
            var reply = await World.Client.AskAsync(model, stream: i % 2 == 1);

            Assert.Equal((200, $"{model}/{model}-model"), (reply.Status, reply.ServedBy));
            if (reply.Attempts == "2")
            {
                retried++;
                Assert.Equal([(model, category), (model, "ok")], (await World.Logs.OneAsync(reply.RequestId)).Attempts);
            }
        }

        var received = await World.FaultyMock.Control.RequestsAsync(model + "-model");
        Assert.Equal(1, retried);
        Assert.Single(received, r => r.Key == failing);
        Assert.Equal(Requests, received.Count(r => r.Key == GatewayDeclaration.SecretOf(model, "two")));
    }

    [Fact]
    public async Task Chat_EveryKeyRests_IsRefusedUntilTheEarliestRecovers()
    {
        const string model = "keys-limited";
        await World.FaultyMock.Control.ScriptAsync(model + "-model", new Behaviour { Status = 429, RetryAfter = "40" });
        (string, string)[] onlyIt = [("X-Route-Providers", model)];

        var first = await World.Client.AskAsync(model, headers: onlyIt);
        var second = await World.Client.AskAsync(model, headers: onlyIt);

        Assert.Equal((429, "upstream_rate_limited", "2"), (first.Status, first.ErrorCode, first.Attempts));
        Assert.Equal("40", first.Headers["Retry-After"]);
        Assert.Equal((503, "no_available_provider", "0"), (second.Status, second.ErrorCode, second.Attempts));
        Assert.InRange(int.Parse(second.Headers["Retry-After"]), 1, 40);
        Assert.Equal(2, (await World.FaultyMock.Control.RequestsAsync(model + "-model")).Count);
        Assert.Equal("healthy/mock-ok", (await World.Client.AskAsync(model)).ServedBy);
    }

    [Fact]
    public async Task Chat_UnavailableWithRetryAfter_LeavesTheKeyAloneUntilThen()
    {
        const string model = "keys-unavailable";
        await World.FaultyMock.Control.ScriptAsync(model + "-model", new Behaviour { Status = 503, RetryAfter = "40" });
        (string, string)[] onlyIt = [("X-Route-Providers", model)];

        for (var key = 0; key < 2; key++)
        {
            Assert.Equal(502, (await World.Client.AskAsync(model, headers: onlyIt)).Status);
        }

        var refused = await World.Client.AskAsync(model, headers: onlyIt);

        Assert.Equal((503, "no_available_provider", "0"), (refused.Status, refused.ErrorCode, refused.Attempts));
        Assert.InRange(int.Parse(refused.Headers["Retry-After"]), 1, 40);
        Assert.Equal(2, (await World.FaultyMock.Control.RequestsAsync(model + "-model")).Count);
    }
}
