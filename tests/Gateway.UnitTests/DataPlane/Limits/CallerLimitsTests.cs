using System.Text;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Wire.OpenAI;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Limits;

public sealed class CallerLimitsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LimitKit _kit;

    public CallerLimitsTests() => _kit = new LimitKit(_time);

    [Fact]
    public async Task Admit_CallerWithoutLimits_HoldsNothing()
    {
        var (admission, refusal) = _kit.Callers.Enter(Caller(), isContinued: false);

        Assert.Null(refusal);
        Assert.Same(Admission.Unlimited, admission);
        Assert.Null(await _kit.Callers.AdmitAsync(admission, Caller(), Call(), isContinued: false));
    }

    [Fact]
    public async Task Admit_SeveralLimits_TheTightestIsNamedAndNothingOfTheOthersIsTaken()
    {
        var caller = Caller(new RequestLimits(5, 10_000, null), user: new RequestLimits(2, null, null));
        Assert.Null(await AskAsync(caller));
        Assert.Null(await AskAsync(caller));

        var (admission, refusal) = await TryAsync(caller);

        Assert.Equal("rate_limit_exceeded", refusal!.Code);
        Assert.StartsWith("The user of this API key may make 2 requests per minute.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(30), refusal.RetryAfter);
        Assert.Equal(3, _kit.Board.Of(LimitScope.Key, caller.KeyId).Requests.Look(Rate.PerMinute(5)).Remaining);
        Assert.Equal(0, admission.Requests!.Value.Remaining);
        Assert.Equal(2, admission.Requests!.Value.Rate.Count);
    }

    [Fact]
    public async Task Settle_LessWasUsedThanEstimated_TheRestComesBack()
    {
        var caller = Caller(new RequestLimits(null, 10_000, null));
        var (admission, _) = await TryAsync(caller, maxTokens: 6000);
        Assert.InRange(admission.Tokens!.Value.Remaining, 3900, 4000);

        admission.Settle(150);

        Assert.Equal(9850, _kit.Board.Of(LimitScope.Key, caller.KeyId).Tokens.Look(Rate.PerMinute(10_000)).Remaining);
    }

    [Fact]
    public void Enter_PlacesTaken_IsRefusedAtOnceWithTheStateOfTheRates()
    {
        var caller = Caller(new RequestLimits(60, null, 1));
        var (first, _) = _kit.Callers.Enter(caller, isContinued: false);

        var (second, refusal) = _kit.Callers.Enter(caller, isContinued: false);
        using (second)
        {
            Assert.Contains("1 requests running at once", refusal!.Message, StringComparison.Ordinal);
            Assert.Equal(60, second.Requests!.Value.Remaining);
        }

        first.Dispose();
        using var third = _kit.Callers.Enter(caller, isContinued: false).Admission;
        Assert.Equal(1, _kit.Board.Of(LimitScope.Key, caller.KeyId).Places);
    }

    [Fact]
    public async Task Enter_BackgroundRun_IsCountedButNeverRefused()
    {
        var caller = Caller(new RequestLimits(1, 1000, 1));
        Assert.Null(await AskAsync(caller));
        using var running = _kit.Callers.Enter(caller, isContinued: false).Admission;

        var (run, refusal) = _kit.Callers.Enter(caller, isContinued: true);
        Assert.Null(refusal);
        Assert.Null(await _kit.Callers.AdmitAsync(run, caller, Call(), isContinued: true));
        run.Settle(400);

        Assert.Equal(600, _kit.Board.Of(LimitScope.Key, caller.KeyId).Tokens.Look(Rate.PerMinute(1000)).Remaining);
    }

    [Fact]
    public Task Admissions_AnyInterleaving_GiveEverythingBackOnce() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 6], Gen.Select(Gen.Int[0, 7], Gen.Int[0, 4]).Array[1, 120]).SampleAsync(async drawn =>
        {
            var (places, rpm, steps) = drawn;
            var kit = new LimitKit(new FakeTimeProvider());
            var caller = Caller(new RequestLimits(rpm, 1_000_000, places), user: new RequestLimits(null, null, places + 1));
            var admissions = new Admission?[8];
            var admitted = 0;
            foreach (var (slot, action) in steps)
            {
                switch (action)
                {
                    case 0:
                        admissions[slot]?.Dispose();
                        admissions[slot] = kit.Callers.Enter(caller, isContinued: false) is (var entered, null) ? entered : null;
                        break;
                    case 1 when admissions[slot] is { IsTaken: false, Claim.Rates.Count: 0 } fresh:
                        admitted += await kit.Callers.AdmitAsync(fresh, caller, Call(), isContinued: false) is null ? 1 : 0;
                        break;
                    case 2:
                        admissions[slot]?.Settle(slot * 10);
                        break;
                    case 3:
                        admissions[slot]?.Dispose();
                        break;
                }

                Assert.InRange(kit.Board.Of(LimitScope.Key, caller.KeyId).Places, 0, places);
                Assert.InRange(kit.Board.Of(LimitScope.User, caller.UserId!.Value).Places, 0, places + 1);
            }

            foreach (var admission in admissions)
            {
                admission?.Dispose();
            }

            Assert.InRange(admitted, 0, rpm);
            Assert.Equal(0, kit.Board.Of(LimitScope.Key, caller.KeyId).Places);
            Assert.Equal(0, kit.Board.Of(LimitScope.User, caller.UserId!.Value).Places);
        });

    [Fact]
    public async Task Admissions_FromManyThreads_NeverMoreInsideThanAllowed()
    {
        var caller = Caller(new RequestLimits(null, null, 3));
        var inside = 0;
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var (admission, refusal) = _kit.Callers.Enter(caller, isContinued: false);
                if (refusal is null)
                {
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    await Task.Yield();
                    Interlocked.Decrement(ref inside);
                }

                admission.Dispose();
                admission.Dispose();
            }
        })));

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, _kit.Board.Of(LimitScope.Key, caller.KeyId).Places);
    }

    private async Task<Gateway.DataPlane.GatewayError?> AskAsync(ApiCaller caller)
    {
        var (admission, refusal) = await TryAsync(caller);
        admission.Settle(0);
        return refusal;
    }

    private async Task<(Admission Admission, Gateway.DataPlane.GatewayError? Refusal)> TryAsync(ApiCaller caller, int maxTokens = 100)
    {
        var (admission, refusal) = _kit.Callers.Enter(caller, isContinued: false);
        return (admission, refusal ?? await _kit.Callers.AdmitAsync(admission, caller, Call(maxTokens), isContinued: false));
    }

    private static ApiCaller Caller(RequestLimits? key = null, RequestLimits? user = null) => new()
    {
        KeyId = Guid.NewGuid(),
        KeyName = "test",
        UserId = Guid.NewGuid(),
        Limits = key,
        UserLimits = user,
    };

    private static InboundCall Call(int maxTokens = 100)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","max_tokens":{{maxTokens}},"messages":[{"role":"user","content":"Say something."}]}""");
        return new InboundCall(ClientEndpoint.Chat, PooledBody.Own(body), "m", stream: false, RequestChoices.None) { ChatHead = ChatRequestScanner.Scan(body) };
    }
}
