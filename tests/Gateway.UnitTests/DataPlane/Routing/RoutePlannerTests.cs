using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.UnitTests.DataPlane.Limits;
using AIHigress.Gateway.UnitTests.Providers.Proxies;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

/// <summary>The filters and what is left when they leave nothing.</summary>
public sealed class RoutePlannerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly UpstreamBoard _board;
    private readonly KeyPool _keys;
    private readonly RoutePlanner _planner;

    public RoutePlannerTests()
    {
        _board = new UpstreamBoard(_time);
        _keys = new KeyPool(_board, new LimitKit(_time).Upstream);
        _planner = new RoutePlanner(new CandidateFilter(_board, _keys, proxies: Pools.New()), new CandidateOrder(new Random(1)));
    }

    [Fact]
    public void Plan_Priority_KeepsTheDeclaredOrder()
    {
        var plan = Plan(Routes.Model(Upstream("a"), Upstream("b"), Upstream("c")));

        Assert.Null(plan.Error);
        Assert.Equal(["a", "b", "c"], Ids(plan));
        Assert.Empty(plan.Exclusions);
    }

    [Fact]
    public void Plan_UnknownDisabledOrInvisibleModel_IsRefused()
    {
        var disabled = new LogicalRoute { Id = "off", Origin = RouteOrigin.Explicit, Enabled = false, Upstreams = [Upstream("a")] };
        var hidden = Routes.Model("hidden", [Routes.Upstream(Private("somebody"))]);
        var table = Routes.Table(disabled, hidden);

        Assert.Equal("model_not_found", Plan(table, "nothing").Error?.Code);
        Assert.Equal("model_disabled", Plan(table, "off").Error?.Code);
        var refused = Plan(table, "hidden");
        Assert.Equal("model_not_found", refused.Error?.Code);
        Assert.Null(refused.Route);
        Assert.Equal(["private_provider"], refused.Exclusions.Select(e => e.Reason));
    }

    [Fact]
    public void Plan_KeyThatMayNotUseAProvider_LeavesItOut()
    {
        var plan = Plan(Routes.Table(Routes.Model(Upstream("a"), Upstream("b"))), "model", Routes.Caller("b"));

        Assert.Equal(["b"], Ids(plan));
        Assert.Equal(["not_allowed_for_key"], plan.Exclusions.Select(e => e.Reason));
        Assert.Equal("model_not_found", Plan(Routes.Table(Routes.Model(Upstream("a"))), "model", Routes.Caller("b")).Error?.Code);
    }

    [Fact]
    public void Plan_UpstreamOffProviderPausedOrExcluded_LeavesReasons()
    {
        var model = Routes.Model(
            Routes.Upstream(Routes.Provider("off"), enabled: false), Routes.Upstream(Paused("paused")), Upstream("excluded"), Upstream("not-listed"), Upstream("good"));

        var plan = Plan(model, new RequestChoices(null, ["off", "paused", "excluded", "good"], ["excluded"], null));

        Assert.Equal(["good"], Ids(plan));
        Assert.Equal(
            [("off", "upstream_disabled"), ("paused", "provider_paused"), ("excluded", "excluded_by_header"), ("not-listed", "excluded_by_header")],
            plan.Exclusions.Select(e => (e.Upstream.Provider.Id, e.Reason)));
    }

    [Fact]
    public void Plan_HeadersLeaveNone_IsTheClientsFault()
    {
        var plan = Plan(Routes.Model(Upstream("a")), new RequestChoices(null, [], ["a"], null));

        Assert.Equal((400, "invalid_request"), (plan.Error!.Status, plan.Error.Code));
    }

    [Fact]
    public void Plan_EveryKeyRests_IsRefusedUntilTheEarliest()
    {
        var (one, two) = (Routes.Provider("one", keys: 2), Routes.Provider("two"));
        _board.Key(one.Keys[0].Id).RateLimited(TimeSpan.FromSeconds(50));
        _board.Key(one.Keys[1].Id).RateLimited(TimeSpan.FromSeconds(20));
        _board.Key(two.Keys[0].Id).RateLimited(TimeSpan.FromSeconds(30));

        var plan = Plan(Routes.Model(Routes.Upstream(one), Routes.Upstream(two)));

        Assert.Equal((503, "no_available_provider", TimeSpan.FromSeconds(20)), (plan.Error!.Status, plan.Error.Code, plan.Error.RetryAfter));
        Assert.All(plan.Exclusions, e => Assert.Equal("keys_paused", e.Reason));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(["one"], Ids(Plan(Routes.Model(Routes.Upstream(one), Routes.Upstream(two)))));
    }

    [Fact]
    public async Task Plan_ProviderAtItsLimits_IsLeftOut()
    {
        var (crowded, quick, keyless) = (Routes.Provider("crowded", maxConcurrency: 1), Routes.Provider("quick", maxQps: 1), Routes.Provider("keyless", keys: 0));
        using var place = await _keys.TryTakeAsync(crowded, []);
        (await _keys.TryTakeAsync(quick, []))!.Dispose();

        var plan = Plan(Routes.Model(Routes.Upstream(crowded), Routes.Upstream(quick), Routes.Upstream(keyless), Upstream("good")));

        Assert.Equal(["good"], Ids(plan));
        Assert.Equal(["provider_concurrency", "provider_rate", "no_keys"], plan.Exclusions.Select(e => e.Reason));
    }

    [Fact]
    public void Plan_OnlyCircuitsLeaveNone_TriesTheOneThatOpenedFirst()
    {
        Open("early");
        _time.Advance(TimeSpan.FromSeconds(5));
        Open("late");

        var plan = Plan(Routes.Model(Upstream("late"), Upstream("early")));

        var only = Assert.Single(plan.Candidates);
        Assert.Equal("early", only.Upstream.Provider.Id);
        Assert.True(only.IgnoresCircuit);
        Assert.Equal(["circuit_open", "circuit_open"], plan.Exclusions.Select(e => e.Reason));
    }

    [Fact]
    public void Plan_Fallbacks_FollowTheModelsOwnUpstreams()
    {
        var table = Routes.Table(
            Routes.Model("model", [Upstream("a")], "second", "nothing", "third"),
            Routes.Model("second", [Upstream("b"), Upstream("c")]),
            Routes.Model("third", [Upstream("d")]));

        var plan = Plan(table, "model");

        Assert.Equal(["a", "b", "c", "d"], Ids(plan));
        Assert.Equal(["model", "second", "second", "third"], plan.Candidates.Select(c => c.LogicalModel));
    }

    [Fact]
    public void Plan_OwnUpstreamsAreOut_FallbackServesBeforeAnOpenCircuitIsTried()
    {
        Open("a");
        var table = Routes.Table(Routes.Model("model", [Upstream("a")], "second"), Routes.Model("second", [Upstream("b")]));

        Assert.Equal(["b"], Ids(Plan(table, "model")));
    }

    private static UpstreamRoute Upstream(string provider) => Routes.Upstream(Routes.Provider(provider));

    private static ProviderRoute Private(string id) => new()
    {
        Id = id,
        Kind = ProviderKinds.OpenAI,
        BaseUrl = new Uri("https://x.example"),
        Visibility = ProviderVisibility.Private,
        OwnerId = Guid.NewGuid(),
    };

    private static ProviderRoute Paused(string id) => new()
    {
        Id = id,
        Kind = ProviderKinds.OpenAI,
        BaseUrl = new Uri("https://x.example"),
        OperationStatus = OperationStatus.Paused,
        AuthStyle = ProviderAuthStyle.None,
    };

    private static IEnumerable<string> Ids(RoutePlan plan) => plan.Candidates.Select(c => c.Upstream.Provider.Id);

    private void Open(string provider)
    {
        for (var i = 0; i < 3; i++)
        {
            _board.Upstream($"model|{provider}|m").Circuit.Failed(3, TimeSpan.FromSeconds(60));
        }
    }

    private RoutePlan Plan(LogicalRoute model, RequestChoices? choices = null) => Plan(Routes.Table(model), model.Id, null, choices);

    private RoutePlan Plan(RouteTable table, string model, ApiCaller? caller = null, RequestChoices? choices = null) =>
        _planner.Plan(table, new RouteQuery(caller ?? Routes.Caller(), model, choices ?? RequestChoices.None));
}
