using System.Text;
using System.Text.Json;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Explaining;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.UnitTests.DataPlane.Limits;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

/// <summary>A decision says exactly what the trace of the request would say, and leaves everything as it was.</summary>
public sealed class DecisionTests
{
    private const int Requests = 1000;

    private readonly FakeTimeProvider _time = new();
    private readonly ProviderHealthBoard _health = new();
    private readonly RouteTables _tables = new();
    private readonly Bindings _bindings = new();
    private readonly SeededRandom _random = new();
    private readonly UpstreamBoard _board;
    private readonly KeyPool _keys;
    private readonly RoutePlanner _planner;
    private readonly RouteDecider _decider;

    public DecisionTests()
    {
        _board = new UpstreamBoard(_time);
        _keys = new KeyPool(_board, new LimitKit(_time).Upstream);
        _planner = new RoutePlanner(new CandidateFilter(_board, _keys, _health), new CandidateOrder(_random));
        _decider = new RouteDecider(_planner, _tables, _keys, _bindings, _time);
    }

    [Fact]
    public async Task Decide_AThousandRandomRequestsInRandomStates_EqualTheirTraces()
    {
        var dice = new Random(20261124);
        var candidates = 0;
        var reasons = new HashSet<string>();
        for (var i = 0; i < Requests; i++)
        {
            var caller = Routes.Caller();
            _tables.Publish(RandomTable(dice, caller));
            RandomState(dice);
            var (question, body) = RandomRequest(dice, caller);
            var before = State();

            _random.Seed = i;
            var decision = await _decider.DecideAsync(question);

            Assert.Equal(before, State());
            _random.Seed = i;
            var trace = PlanViews.Of(_planner.Plan(_tables.Current, Query(question, body)), PlanViews.MostInTrace);
            Assert.Equal(Text(trace), Text(WithoutKeys(decision.Plan)));
            candidates += trace.CandidateCount;
            reasons.UnionWith(trace.Excluded.Select(e => e.Reason));
        }

        // The comparison is worth something only if the requests differed.
        Assert.InRange(candidates, Requests, Requests * 10);
        Assert.Superset(
            new HashSet<string> { "private_provider", "provider_paused", "lacks_capability", "context_too_short", "excluded_by_header", "health_down", "circuit_open", "keys_paused" },
            reasons);
    }

    [Fact]
    public void Detail_WrittenByAnEarlierVersion_KeepsItsText()
    {
        var detail = JsonSerializer.Deserialize("""{"attempts":[],"plan":"balanced;a/m=0.5;-b/m=circuit_open","trace_id":"t"}""", UsageJson.Default.UsageDetail)!;

        Assert.Equal("balanced;a/m=0.5;-b/m=circuit_open", detail.Plan!.Text);
        Assert.Empty(detail.Plan.Candidates);
    }

    [Fact]
    public void Detail_WrittenAndRead_HasTheSamePlan()
    {
        _tables.Publish(Routes.Table(Routes.Model("model", [Upstream("a"), Upstream("b", RequestNeeds.None)], "nothing")));
        var plan = PlanViews.Of(_planner.Plan(_tables.Current, new RouteQuery(Routes.Caller(), "model", RequestChoices.None) { Needs = RequestNeeds.Tools }));
        var text = JsonSerializer.Serialize(new UsageDetail([], plan, null), UsageJson.Default.UsageDetail);

        var read = JsonSerializer.Deserialize(text, UsageJson.Default.UsageDetail)!.Plan!;

        Assert.Equal(Text(plan), Text(read));
        Assert.Equal(("a", "b", "lacks_capability", "unknown_model"), (read.Candidates[0].Provider, read.Excluded[0].Provider, read.Excluded[0].Reason, read.Fallbacks[0].Reason));
        Assert.InRange(text.Length, 1, 600);
    }

    [Fact]
    public void Plan_OfManyUpstreams_TraceKeepsTenAndTheCounts()
    {
        var upstreams = Enumerable.Range(0, 40).Select(i => Upstream($"p{i}", i % 2 == 0 ? RequestNeeds.None : null)).ToArray();
        var plan = _planner.Plan(Routes.Table(Routes.Model(upstreams)), new RouteQuery(Routes.Caller(), "model", RequestChoices.None) { Needs = RequestNeeds.Tools });

        var trace = PlanViews.Of(plan, PlanViews.MostInTrace);

        Assert.Equal((10, 20, 10, 20), (trace.Candidates.Count, trace.CandidateCount, trace.Excluded.Count, trace.ExcludedCount));
    }

    [Fact]
    public async Task Decide_SessionIsBound_SaysSoAndPutsItFirst()
    {
        _tables.Publish(Routes.Table(Routes.Model(Upstream("a"), Upstream("b"))));
        _bindings.Bound = "model|b|m";

        var plan = (await _decider.DecideAsync(new RouteQuestion(Routes.Caller(), "model") { SessionId = "s" })).Plan;

        Assert.Equal(("session", "b"), (plan.Stickiness, plan.Candidates[0].Provider));
        Assert.Equal(("s", "model"), _bindings.Asked);
    }

    [Theory]
    [InlineData(WireProtocol.Chat)]
    [InlineData(WireProtocol.Responses)]
    [InlineData(WireProtocol.Messages)]
    [InlineData(WireProtocol.Gemini)]
    public void Sample_OfEachProtocol_NeedsWhatIsSaid(WireProtocol protocol)
    {
        var all = protocol == WireProtocol.Messages ? (RequestNeeds)31 & ~RequestNeeds.Audio : (RequestNeeds)31;
        foreach (var needs in Enumerable.Range(0, 32).Select(n => (RequestNeeds)n & all).Distinct())
        {
            using var call = SampleCall.Of(new RouteQuestion(Routes.Caller(), "a \"model\"") { Protocol = protocol, Needs = needs }, RequestChoices.None);

            Assert.Equal((protocol, needs), (call.Protocol, call.Needs));
            // It is a request that the codecs can read.
            Assert.NotNull(call.Decoded);
        }
    }

    private static RouteQuery Query(RouteQuestion question, byte[] body)
    {
        var choices = new RequestChoices(question.Strategy, question.Only, question.Exclude, null);
        var call = new InboundCall(ClientEndpoint.Chat, PooledBody.Own(body), question.Model, question.Stream, choices) { ChatHead = ChatRequestScanner.Scan(body) };
        return new RouteQuery(question.Caller, question.Model, choices) { Call = call };
    }

    private static RouteTable RandomTable(Random dice, ApiCaller caller)
    {
        var upstreams = Enumerable.Range(0, dice.Next(1, 10)).Select(i => Random(dice, $"p{i}", caller)).ToArray();
        var fallback = new LogicalRoute { Id = "second", Origin = RouteOrigin.Explicit, Enabled = dice.Next(5) > 0, Upstreams = [Upstream("last")] };
        return Routes.Table(
            new LogicalRoute { Id = "model", Origin = RouteOrigin.Explicit, Upstreams = upstreams, Fallbacks = dice.Next(3) == 0 ? ["second", "nothing"] : [] }, fallback);
    }

    private static UpstreamRoute Random(Random dice, string id, ApiCaller caller) => new()
    {
        Key = $"model|{id}|m",
        Provider = new ProviderRoute
        {
            Id = id,
            Kind = ProviderKinds.OpenAI,
            BaseUrl = new Uri("https://x.example"),
            Keys = [new ProviderKeyRoute { Id = new Guid(id[1], 0, 0, new byte[8]), Label = "k", Hint = "", Secret = "s" }],
            Visibility = dice.Next(6) == 0 ? ProviderVisibility.Private : ProviderVisibility.Public,
            OwnerId = dice.Next(2) == 0 ? caller.UserId : null,
            OperationStatus = dice.Next(8) == 0 ? OperationStatus.Paused : OperationStatus.Active,
        },
        Model = "m",
        Weight = dice.Next(0, 5),
        Enabled = dice.Next(10) > 0,
        Abilities = dice.Next(3) == 0 ? (RequestNeeds)dice.Next(32) : null,
        ContextLength = dice.Next(5) == 0 ? dice.Next(1, 2000) : null,
    };

    private void RandomState(Random dice)
    {
        _health.Publish(Enumerable.Range(0, 10).ToDictionary(i => $"p{i}", _ => (ProviderHealth)dice.Next(4)));
        _time.Advance(TimeSpan.FromSeconds(dice.Next(60)));
        for (var i = 0; i < 10; i++)
        {
            var state = _board.Upstream($"model|p{i}|m");
            state.Measured.AddTtft(dice.Next(20, 5000));
            if (dice.Next(3) == 0)
            {
                state.Measured.AddFailure();
                state.Circuit.Failed(3, TimeSpan.FromSeconds(30));
            }
            else
            {
                state.Measured.AddSuccess();
            }

            if (dice.Next(20) == 0)
            {
                _board.Key(new Guid($"p{i}"[1], 0, 0, new byte[8])).RateLimited(TimeSpan.FromSeconds(20));
            }
        }
    }

    private static (RouteQuestion Question, byte[] Body) RandomRequest(Random dice, ApiCaller caller)
    {
        var (tools, schema) = (dice.Next(3) == 0, dice.Next(5) == 0);
        var prompt = new string('x', 4 * dice.Next(1, 1500));
        var strategies = Enum.GetValues<RoutingStrategy>();
        var question = new RouteQuestion(caller, dice.Next(20) == 0 ? "unknown" : "model")
        {
            Stream = dice.Next(2) == 0,
            Strategy = dice.Next(2) == 0 ? strategies[dice.Next(strategies.Length)] : null,
            Only = dice.Next(6) == 0 ? ["p0", "p1", "p2"] : [],
            Exclude = dice.Next(6) == 0 ? ["p1"] : [],
            Needs = RequestNeeds.Tools.If(tools) | RequestNeeds.JsonSchema.If(schema),
        };
        var body = $$"""{"model":"{{question.Model}}","messages":[{"role":"user","content":"{{prompt}}"}]"""
            + (tools ? ""","tools":[{"type":"function","function":{"name":"f"}}]""" : "")
            + (schema ? ""","response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{}}}""" : "") + "}";
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = ChatRequestScanner.Scan(bytes);
        return (question with { PromptTokens = (head.TextBytes + head.ToolsBytes) / 4 }, bytes);
    }

    private string State() => string.Join(' ', Enumerable.Range(0, 10).Select(i => _board.Upstream($"model|p{i}|m")).Select(s => $"{s.InFlight},{s.Measured.Samples},{s.Circuit.Phase},{s.Circuit.Failures}"));

    private static PlanView WithoutKeys(PlanView plan) => plan with { Candidates = [.. plan.Candidates.Select(c => c with { KeyLabel = null })] };

    private static string Text(PlanView plan) => JsonSerializer.Serialize(plan);

    private static UpstreamRoute Upstream(string provider, RequestNeeds? abilities = null) => new()
    {
        Key = $"model|{provider}|m",
        Provider = Routes.Provider(provider),
        Model = "m",
        Abilities = abilities,
    };

    private sealed class Bindings : ISessionBindings
    {
        public string? Bound { get; set; }

        public (string Session, string Model) Asked { get; private set; }

        public ValueTask<string?> FindAsync(ApiCaller caller, string sessionId, string logicalModel)
        {
            Asked = (sessionId, logicalModel);
            return new(Bound);
        }
    }

    /// <summary>Begins anew at a seed.</summary>
    private sealed class SeededRandom : Random
    {
        private Random _random = new(0);

        public int Seed
        {
            set => _random = new Random(value);
        }

        public override double NextDouble() => _random.NextDouble();

        public override int Next(int maxValue) => _random.Next(maxValue);

        protected override double Sample() => _random.NextDouble();
    }
}
