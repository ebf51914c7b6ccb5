using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Attempts;

/// <summary>What happens when the time of a circuit or of a key's rest is over.</summary>
public sealed class ClockedTests(ClockedGateway gateway) : IClassFixture<ClockedGateway>
{
    private const int AtOnce = 64;

    [Fact]
    public async Task Chat_ManyAtTheInstantACircuitIsHalfOpen_TheUpstreamSeesOne()
    {
        await OpenAsync("half-open", "2");
        gateway.Failing.Script("half-open", new Behaviour { Gate = "half-open" });
        gateway.Clock.Advance(TimeSpan.FromSeconds(60));

        var asking = Enumerable.Range(0, AtOnce).Select(i => gateway.AskAsync("half-open", i)).ToList();
        var served = new List<string?>();
        while (served.Count < AtOnce - 1)
        {
            var done = await Task.WhenAny(asking).WaitAsync(Timeouts.Wait);
            asking.Remove(done);
            served.Add((await done).ServedBy);
        }

        Assert.All(served, by => Assert.Equal("healthy/mock-ok", by));
        Assert.Equal(4, gateway.Failing.Requests("half-open").Count);
        gateway.Failing.Release("half-open", 10);
        Assert.Equal("failing/half-open", (await asking[0]).ServedBy);
        Assert.Equal("failing/half-open", (await gateway.AskAsync("half-open", 0)).ServedBy);
    }

    [Fact]
    public async Task Chat_TrialNeverEnds_AnotherTriesAfterItsLease()
    {
        await OpenAsync("stuck", "2");
        gateway.Failing.Script("stuck", new Behaviour { Gate = "stuck" }, times: 1);
        gateway.Clock.Advance(TimeSpan.FromSeconds(60));
        var stuck = gateway.AskAsync("stuck", 1);
        await gateway.Failing.WaitForGateAsync("stuck", minWaiting: 1);
        gateway.Failing.Script("stuck", new Behaviour());
        Assert.Equal("healthy/mock-ok", (await gateway.AskAsync("stuck", 2)).ServedBy);

        gateway.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("failing/stuck", (await gateway.AskAsync("stuck", 3)).ServedBy);
        gateway.Failing.Release("stuck");
        Assert.Equal("failing/stuck", (await stuck).ServedBy);
    }

    [Fact]
    public async Task Chat_NobodyElseWhileATrialIsUnderWay_IsServedAllTheSame()
    {
        await OpenAsync("half-open-alone", "1");
        gateway.Failing.Script("half-open-alone", new Behaviour());
        gateway.Clock.Advance(TimeSpan.FromSeconds(60));

        var replies = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => gateway.AskAsync("half-open-alone", i)));

        Assert.All(replies, r => Assert.Equal((200, "1"), (r.Status, r.Attempts)));
    }

    [Fact]
    public async Task Chat_KeyRefusedThreeTimesOverTenMinutes_IsMarkedInvalid()
    {
        gateway.Failing.Script("refused", new Behaviour { Status = 401 });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(("2", "healthy/mock-ok"), await AttemptsAsync(i));
            Assert.Equal(("1", "healthy/mock-ok"), await AttemptsAsync(i));
            Assert.Equal(ProviderKeyStatus.Active, await StatusAsync());
            gateway.Clock.Advance(TimeSpan.FromMinutes(4));
        }

        Assert.Equal(("2", "healthy/mock-ok"), await AttemptsAsync(3));

        await Eventually.TrueAsync(async () => await StatusAsync() == ProviderKeyStatus.Invalid, "the key is marked");
        gateway.Clock.Advance(TimeSpan.FromMinutes(4));
        await Eventually.TrueAsync(async () => await AttemptsAsync(4) == ("1", "healthy/mock-ok"), "the key is not used any more");
        await using var scope = gateway.Services.CreateAsyncScope();
        var audited = await scope.ServiceProvider.GetRequiredService<GatewayDbContext>().AuditLog.SingleAsync(e => e.Action == "provider_key.invalid");
        Assert.Equal(("traffic", "provider:refusing/keys/main"), (audited.Actor, audited.Target));
    }

    private async Task<(string? Attempts, string? ServedBy)> AttemptsAsync(int number)
    {
        var reply = await gateway.AskAsync("refused", number);
        return (reply.Attempts, reply.ServedBy);
    }

    private async Task<ProviderKeyStatus> StatusAsync()
    {
        await using var scope = gateway.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        return (await db.ProviderKeys.AsNoTracking().SingleAsync(k => k.ProviderId == "refusing")).Status;
    }

    private async Task OpenAsync(string model, string attempts)
    {
        gateway.Failing.Script(model, new Behaviour { Status = 500 }, times: 3);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(attempts, (await gateway.AskAsync(model, i)).Attempts);
        }
    }
}
