using AIHigress.Load.Client;
using AIHigress.Load.Results;
using AIHigress.Load.Scenarios;
using AIHigress.Load.Targets;

namespace AIHigress.Load;

/// <summary>
/// Drives every target in turn with the same load: first until its cost stays the same, then in interleaved rounds, so
/// that what the machine does meanwhile meets all of them.
/// </summary>
internal sealed class Bench(ServerFleet fleet, int rounds, TextWriter progress)
{
    // So many warm-up steps in a row that are no cheaper than the best one: the compiler has nothing left to improve.
    private const int SteadySteps = 3;
    private const double Cheaper = 0.95;

    public async Task<IReadOnlyList<ScenarioResult>> RunAsync(IReadOnlyList<Scenario> scenarios, CancellationToken cancellationToken)
    {
        var results = new List<ScenarioResult>();
        foreach (var scenario in scenarios)
        {
            foreach (var target in fleet.TargetsOf(scenario))
            {
                await WarmAsync(scenario, target, cancellationToken);
            }

            results.Add(await MeasureAsync(scenario, cancellationToken));
        }

        fleet.RequireRunning();
        return results;
    }

    private async Task WarmAsync(Scenario scenario, Target target, CancellationToken cancellationToken)
    {
        var best = double.MaxValue;
        var steps = 0;
        for (var steady = 0; steps < scenario.MostWarmSteps && steady < SteadySteps; steps++)
        {
            var cost = (await RunOnceAsync(scenario, target, scenario.WarmRequests, cancellationToken)).CpuMicroseconds;
            steady = cost < best * Cheaper ? 0 : steady + 1;
            best = Math.Min(best, cost);
        }

        await progress.WriteLineAsync($"{scenario.Name}: {target.Name} is warm after {steps} steps, at {best:0.0} µs CPU per {scenario.Unit}");
    }

    private async Task<ScenarioResult> MeasureAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        var targets = fleet.TargetsOf(scenario);
        var figures = targets.ToDictionary(target => target.Name, _ => new List<RoundFigures>());
        for (var round = 0; round < rounds; round++)
        {
            // Another one begins each time.
            foreach (var target in targets.Select((_, i) => targets[(i + round) % targets.Count]))
            {
                var found = await RunOnceAsync(scenario, target, scenario.Requests, cancellationToken);
                figures[target.Name].Add(found);
                await progress.WriteLineAsync(
                    $"{scenario.Name}: round {round + 1}, {target.Name}: {found.CpuMicroseconds:0.0} µs CPU per {scenario.Unit}, {found.PerSecond:0} requests/s, p50 {found.P50Ms:0.00} ms, p99 {found.P99Ms:0.00} ms");
            }
        }

        return new ScenarioResult(scenario, [.. targets.Select(t => new TargetResult(t.Name, figures[t.Name]))]);
    }

    private async Task<RoundFigures> RunOnceAsync(Scenario scenario, Target target, int requests, CancellationToken cancellationToken)
    {
        // What the last run left behind must not be collected, or waited for, in this one.
        GC.Collect();
        var before = target.Cpu;
        var ownBefore = Environment.CpuUsage.TotalTime;
        var result = LoadClient.Run(scenario.Plan(requests, target.Headers), target.Addresses, ServerFleet.ApiKey, cancellationToken);
        var own = Environment.CpuUsage.TotalTime - ownBefore;
        await target.SettleAsync(scenario, requests, cancellationToken);
        var cpu = target.Cpu - before;
        await target.CheckAsync(scenario, requests);
        var units = (double)requests * scenario.UnitsPerRequest;
        return new RoundFigures(
            cpu.TotalMicroseconds / units,
            result.PerSecond,
            result.Percentile(0.5).TotalMilliseconds,
            result.Percentile(0.99).TotalMilliseconds,
            (double)result.AnswerBytes / requests,
            own.TotalMicroseconds / units,
            result.Gaps.PercentileMs(0.99),
            result.Gaps.Reads == 0 ? 0 : (double)result.Events / result.Gaps.Reads);
    }
}
