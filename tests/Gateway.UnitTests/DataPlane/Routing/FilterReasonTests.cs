using System.Collections.Frozen;
using System.Text;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Filters;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.UnitTests.DataPlane.Limits;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

/// <summary>Each filter takes out what it must, and says so in words of its own.</summary>
public sealed class FilterReasonTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ProviderHealthBoard _health = new();
    private readonly Purse _purse = new();
    private readonly UpstreamBoard _board;
    private readonly KeyPool _keys;
    private readonly RoutePlanner _planner;
    private readonly ApiCaller _caller = Routes.Caller();

    public FilterReasonTests()
    {
        _board = new UpstreamBoard(_time);
        _keys = new KeyPool(_board, new LimitKit(_time).Upstream);
        _planner = new RoutePlanner(new CandidateFilter(_board, _keys, _health, _purse), new CandidateOrder(new Random(1)));
    }

    public static TheoryData<ProviderVisibility, bool, bool, string?> Sights => new()
    {
        { ProviderVisibility.Public, false, false, null },
        { ProviderVisibility.Private, false, false, "private_provider" },
        { ProviderVisibility.Private, true, false, null },
        { ProviderVisibility.Private, false, true, "private_provider" },
        { ProviderVisibility.Shared, false, false, "not_shared" },
        { ProviderVisibility.Shared, false, true, null },
        { ProviderVisibility.Shared, true, false, null },
    };

    [Theory]
    [MemberData(nameof(Sights))]
    public void Plan_ProviderOfThisVisibility_OpenToOwnerAndSharers(ProviderVisibility visibility, bool mine, bool shared, string? reason)
    {
        var user = _caller.UserId!.Value;
        var provider = Provider("p", visibility, owner: mine ? user : Guid.NewGuid(), shared: shared ? [user] : [Guid.NewGuid()]);

        Assert.Equal(reason, ReasonOf(Routes.Upstream(provider)));
    }

    [Theory]
    [InlineData(ReviewStatus.None, "not_approved")]
    [InlineData(ReviewStatus.Pending, "not_approved")]
    [InlineData(ReviewStatus.Approved, null)]
    [InlineData(ReviewStatus.ApprovedLimited, null)]
    [InlineData(ReviewStatus.ChangesRequested, "not_approved")]
    [InlineData(ReviewStatus.Rejected, "not_approved")]
    public void Plan_PublicProviderUnderReview_TakesTrafficOnlyWhenApproved(ReviewStatus review, string? reason)
    {
        Assert.Equal(reason, ReasonOf(Routes.Upstream(Provider("p", ProviderVisibility.Public, review))));
        Assert.Null(ReasonOf(Routes.Upstream(Provider("mine", ProviderVisibility.Private, review, owner: _caller.UserId))));
    }

    [Theory]
    [InlineData(OperationStatus.Paused, "provider_paused", "no_available_provider")]
    [InlineData(OperationStatus.Offline, "provider_offline", "model_not_found")]
    public void Plan_ProviderSwitchedOff_PausedIsKnownOfflineIsNot(OperationStatus status, string reason, string error)
    {
        var plan = Plan(Routes.Upstream(Provider("p", status: status)));

        Assert.Equal((reason, error), (Assert.Single(plan.Exclusions).Reason, plan.Error?.Code));
    }

    [Theory]
    [InlineData(null, "upstream_disabled")]
    [InlineData("model_disabled", "model_disabled")]
    [InlineData("model_missing", "model_missing")]
    public void Plan_UpstreamSwitchedOff_SaysByWhat(string? why, string reason)
    {
        var off = new UpstreamRoute { Key = "k", Provider = Routes.Provider("p"), Model = "m", Enabled = false, WhyOff = why };

        Assert.Equal(reason, ReasonOf(off));
    }

    [Theory]
    [InlineData(RequestNeeds.Tools, "tools")]
    [InlineData(RequestNeeds.Vision | RequestNeeds.Audio, "vision, audio")]
    [InlineData(RequestNeeds.JsonSchema, "json_schema")]
    [InlineData(RequestNeeds.Reasoning, "reasoning")]
    public void Plan_NobodyHasTheCapability_400NamingIt(RequestNeeds needs, string named)
    {
        var plan = Plan(new Asked { Needs = needs }, Upstream("a", RequestNeeds.None), Upstream("b", RequestNeeds.None));

        Assert.Equal((400, "unsupported_by_upstream"), (plan.Error!.Status, plan.Error.Code));
        Assert.Contains(named, plan.Error.Message, StringComparison.Ordinal);
        Assert.All(plan.Exclusions, e => Assert.Equal("lacks_capability", e.Reason));
        Assert.All(plan.Exclusions, e => Assert.Contains(named, e.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_SomebodyHasTheCapabilityOrMightHave_ServesAlone()
    {
        var plan = Plan(new Asked { Needs = RequestNeeds.Tools }, Upstream("lacks", RequestNeeds.Vision), Upstream("has", RequestNeeds.Tools), Upstream("unknown", null));

        Assert.Equal(["has", "unknown"], plan.Candidates.Select(c => c.Upstream.Provider.Id));
    }

    [Fact]
    public void Plan_OnlyAPausedProviderHasTheCapability_NamedAllTheSame()
    {
        var paused = new UpstreamRoute { Key = "k", Provider = Provider("p", status: OperationStatus.Paused), Model = "m" };

        Assert.Equal("unsupported_by_upstream", Plan(new Asked { Needs = RequestNeeds.Tools }, paused, Upstream("lacks", RequestNeeds.None)).Error?.Code);
    }

    [Fact]
    public void Plan_WishesLeaveOnlyWhoLacksTheCapability_NamesIt()
    {
        var choices = RequestChoices.None with { Only = ["lacks"] };
        var table = Routes.Table(Routes.Model(Upstream("lacks", RequestNeeds.None), Upstream("has", RequestNeeds.Tools)));

        var plan = _planner.Plan(table, new RouteQuery(_caller, "model", choices) { Needs = RequestNeeds.Tools });
        var wished = _planner.Plan(table, new RouteQuery(_caller, "model", choices with { Only = ["nobody"] }) { Needs = RequestNeeds.Tools });

        Assert.Equal("unsupported_by_upstream", plan.Error?.Code);
        Assert.Equal("invalid_request", wished.Error?.Code);
    }

    [Fact]
    public void Plan_PromptLongerThanTheContext_GoesWhereItFitsOrIsRefusedWithTheLongest()
    {
        var (small, large, unknown) = (Upstream("small", context: 4000), Upstream("large", context: 128_000), Upstream("unknown"));

        var plan = Plan(new Asked { Tokens = 5000 }, small, large, unknown);
        Assert.Equal(["large", "unknown"], plan.Candidates.Select(c => c.Upstream.Provider.Id));
        var left = Assert.Single(plan.Exclusions);
        Assert.Equal("context_too_short", left.Reason);
        Assert.Contains("5000", left.Text, StringComparison.Ordinal);
        Assert.Contains("4000", left.Text, StringComparison.Ordinal);

        var refused = Plan(new Asked { Tokens = 200_000 }, small, large);
        Assert.Equal((400, "unsupported_by_upstream", "context_length"), (refused.Error!.Status, refused.Error.Code, refused.Error.Param));
        Assert.Contains("128000", refused.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_RegionAsked_LeavesOutTheOthers()
    {
        var plan = Plan(new Asked { Region = "eu" }, Upstream("here", region: "eu"), Upstream("there", region: "us"), Upstream("somewhere"));

        Assert.Equal(["here"], plan.Candidates.Select(c => c.Upstream.Provider.Id));
        Assert.All(plan.Exclusions, e => Assert.Equal("other_region", e.Reason));
    }

    [Fact]
    public void Plan_ProviderIsDown_LeftOutUnlessNothingElseIsThere()
    {
        _health.Publish(new Dictionary<string, ProviderHealth> { ["down"] = ProviderHealth.Down });
        var (down, good) = (Upstream("down"), Upstream("good"));

        var plan = Plan(new Asked(), down, good);
        Assert.Equal(["good"], plan.Candidates.Select(c => c.Upstream.Provider.Id));
        Assert.Equal("health_down", Assert.Single(plan.Exclusions).Reason);

        var lone = Assert.Single(Plan(new Asked(), Upstream("down")).Candidates);
        Assert.True(lone.IgnoresCircuit);
    }

    [Fact]
    public void Plan_OneIsDownOneHasAnOpenCircuit_TheCircuitIsTriedFirst()
    {
        _health.Publish(new Dictionary<string, ProviderHealth> { ["down"] = ProviderHealth.Down });
        Open("open");

        Assert.Equal(["open"], Plan(new Asked(), Upstream("down"), Upstream("open")).Candidates.Select(c => c.Upstream.Provider.Id));
    }

    [Fact]
    public async Task Plan_OpenCircuitAndNoRoom_SaysTheCircuitAndTriesOnlyWhoHasRoom()
    {
        Open("full");
        _time.Advance(TimeSpan.FromSeconds(1));
        Open("free");
        var full = Routes.Provider("full", maxConcurrency: 1);
        using var place = await _keys.TryTakeAsync(full, []);

        var plan = Plan(new Asked(), Routes.Upstream(full), Upstream("free"));

        Assert.Equal(["free"], plan.Candidates.Select(c => c.Upstream.Provider.Id));
        Assert.Equal(["circuit_open", "circuit_open"], plan.Exclusions.Select(e => e.Reason));
    }

    [Fact]
    public async Task Plan_NobodyHasRoom_RetryAfterTheEarliest()
    {
        var (slow, quick) = (Routes.Provider("slow", maxQps: 1), Routes.Provider("quick", maxQps: 4));
        (await _keys.TryTakeAsync(slow, []))!.Dispose();
        for (var i = 0; i < 4; i++)
        {
            (await _keys.TryTakeAsync(quick, []))!.Dispose();
        }

        var plan = Plan(new Asked(), Routes.Upstream(slow), Routes.Upstream(quick));

        Assert.Equal((503, "no_available_provider"), (plan.Error!.Status, plan.Error.Code));
        Assert.InRange(plan.Error.RetryAfter!.Value, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(300));
        Assert.All(plan.Exclusions, e => Assert.Equal("provider_rate", e.Reason));
    }

    [Fact]
    public void Plan_CallerCannotPayOne_OthersServeAndNobodyIs402()
    {
        _purse.TooDear = "dear";

        Assert.Equal(["cheap"], Plan(new Asked(), Upstream("dear"), Upstream("cheap")).Candidates.Select(c => c.Upstream.Provider.Id));
        var refused = Plan(new Asked(), Upstream("dear"));
        Assert.Equal((402, "budget_exceeded", "over_budget"), (refused.Error!.Status, refused.Error.Code, Assert.Single(refused.Exclusions).Reason));
    }

    [Fact]
    public void Plan_NeedsOfACall_AreThoseOfItsBody()
    {
        var body = Encoding.UTF8.GetBytes("""{"model":"model","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function"}]}""");
        var call = new InboundCall(ClientEndpoint.Chat, PooledBody.Own(body), "model", stream: false, RequestChoices.None) { ChatHead = ChatRequestScanner.Scan(body) };

        var plan = _planner.Plan(Routes.Table(Routes.Model(Upstream("lacks", RequestNeeds.None))), new RouteQuery(_caller, "model", RequestChoices.None) { Call = call });

        Assert.Equal("unsupported_by_upstream", plan.Error?.Code);
    }

    [Fact]
    public void Text_OfEachReason_IsItsOwn()
    {
        var codes = typeof(Reasons).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!).ToList();
        var upstream = Upstream("p", context: 1);

        var texts = codes.ConvertAll(code => new Exclusion("model", upstream, code) { Fields = ["f"], Missing = RequestNeeds.Tools }.Text);

        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.Equal(texts.Count, texts.Distinct().Count());
        Assert.DoesNotContain(texts, t => t.StartsWith("A filter", StringComparison.Ordinal));
    }

    private string? ReasonOf(UpstreamRoute upstream) => Plan(upstream).Exclusions.Select(e => e.Reason).SingleOrDefault();

    private RoutePlan Plan(params UpstreamRoute[] upstreams) => Plan(new Asked(), upstreams);

    private RoutePlan Plan(Asked asked, params UpstreamRoute[] upstreams) => _planner.Plan(
        Routes.Table(Routes.Model(upstreams)),
        new RouteQuery(_caller, "model", RequestChoices.None) { Needs = asked.Needs, PromptTokens = asked.Tokens, Region = asked.Region });

    private void Open(string provider)
    {
        for (var i = 0; i < 3; i++)
        {
            _board.Upstream($"model|{provider}|m").Circuit.Failed(3, TimeSpan.FromSeconds(60));
        }
    }

    private static UpstreamRoute Upstream(string provider, RequestNeeds? abilities = null, int? context = null, string? region = null) => new()
    {
        Key = $"model|{provider}|m",
        Provider = new ProviderRoute
        {
            Id = provider,
            Kind = ProviderKinds.OpenAI,
            BaseUrl = new Uri("https://x.example"),
            AuthStyle = ProviderAuthStyle.None,
            Region = region,
        },
        Model = "m",
        Abilities = abilities,
        ContextLength = context,
    };

    private static ProviderRoute Provider(
        string id,
        ProviderVisibility visibility = ProviderVisibility.Public,
        ReviewStatus review = ReviewStatus.Approved,
        OperationStatus status = OperationStatus.Active,
        Guid? owner = null,
        Guid[]? shared = null) => new()
        {
            Id = id,
            Kind = ProviderKinds.OpenAI,
            BaseUrl = new Uri("https://x.example"),
            AuthStyle = ProviderAuthStyle.None,
            Visibility = visibility,
            ReviewStatus = review,
            OperationStatus = status,
            OwnerId = owner,
            SharedWith = (shared ?? []).ToFrozenSet(),
        };

    private sealed record Asked
    {
        public RequestNeeds Needs { get; init; }

        public long Tokens { get; init; }

        public string? Region { get; init; }
    }

    private sealed class Purse : IRouteBudget
    {
        public string? TooDear { get; set; }

        public bool Affords(RouteQuery query, UpstreamRoute upstream) => upstream.Provider.Id != TooDear;
    }
}
