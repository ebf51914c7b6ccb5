using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Filters;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.UnitTests.DataPlane.Limits;
using AIHigress.Gateway.UnitTests.DataPlane.Routing;
using AIHigress.Wire;
using BenchmarkDotNet.Attributes;

namespace AIHigress.Gateway.Benchmarks.Routing;

/// <summary>What one plan costs in a big installation (10,000 models, each over ten of 1,000 providers), every filter on; no model is asked twice in a row.</summary>
[MemoryDiagnoser]
public class PlanBenchmarks
{
    private const int Models = 10_000;

    private RouteTable _table = RouteTable.Empty;
    private RoutePlanner? _planner;
    private RouteQuery[] _queries = [];
    private int _next;

    [Params("balanced", "latency_first", "cost_first", "reliability_first", "weighted", "least_busy", "priority", "bandit")]
    public string Strategy { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _table = LargeTable.Build();
        var board = new UpstreamBoard(TimeProvider.System);
        var health = new ProviderHealthBoard();
        health.Publish(_table.Providers.Keys.ToDictionary(id => id, _ => ProviderHealth.Healthy));
        _planner = new RoutePlanner(new CandidateFilter(board, new KeyPool(board, new LimitKit(TimeProvider.System).Upstream), health, new FreeOfCharge()), new CandidateOrder(new Random(1)));
        var caller = Routes.Caller([.. _table.Providers.Keys]);
        var choices = new RequestChoices(StrategyNames.Parse(Strategy), [], ["nobody"], null);
        _queries =
        [
            .. Enumerable.Range(0, Models).Select(i => new RouteQuery(caller, $"model-{i * 7919L % Models}", choices)
            {
                Needs = RequestNeeds.Tools | RequestNeeds.Vision,
                PromptTokens = 5000,
            }),
        ];
        foreach (var query in _queries)
        {
            foreach (var candidate in _planner.Plan(_table, query).Candidates)
            {
                candidate.State.Measured.AddTtft(300);
                candidate.State.Measured.AddSuccess();
            }
        }
    }

    [Benchmark]
    public int Plan() => _planner!.Plan(_table, _queries[_next++ % Models]).Candidates.Count;
}

/// <summary>Making the table of that installation, which happens in the background after each change.</summary>
[MemoryDiagnoser]
public class TableBenchmarks
{
    [Benchmark]
    public int Build() => LargeTable.Build().Names.Count;
}
