using System.Globalization;
using System.Text;
using System.Text.Json;
using AIHigress.Load.Targets;

namespace AIHigress.Load.Results;

/// <summary>Writes a run's figures for people (Markdown) and for comparison (JSON).</summary>
internal sealed class ResultFiles(MachineFacts machine, IReadOnlyList<ScenarioResult> results, LargeFigures? large, long checkedRows, DateTimeOffset at)
{
    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly IReadOnlyList<Goal> _goals = Goals.Of(results, large);

    public async Task WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "latest.md"), Markdown());
        await File.WriteAllTextAsync(Path.Combine(folder, "latest.json"), Json() + "\n");
    }

    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Load bench

            {at:yyyy-MM-dd}, {machine.Cores} cores ({machine.Processor}), {machine.MemoryGib} GiB, {machine.System}, {machine.Runtime}, {machine.Nginx}.
            Medians of {results[0].Targets[0].Rounds.Count} interleaved rounds; CPU is user + system time of the target's own processes, the gateway's with its
            log line, journal and database work. Client, providers and target share the cores, so absolute speed says little: read the ratios.
            After each round of the gateway its request log was held to the requests sent: {checkedRows} rows, all as they must be.


            """);
        foreach (var result in results)
        {
            AppendScenario(text, result);
        }

        if (large is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                ## {large.Tables.Models} logical models of ten upstreams, {large.Tables.Providers} providers, {large.Tables.Keys} API keys

                Ready {large.StartSeconds:0.0} s after its start, with {large.MemoryMib:0} MiB resident; a plan with ten candidates takes {large.PlanMicroseconds:0.0} µs (median), {large.PlanP99Microseconds:0.0} µs (99th percentile).


                """);
        }

        text.Append("## Goals\n\n| measure | found | goal | |\n|---|---|---|---|\n");
        foreach (var goal in _goals)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {goal.What} | {goal.Found:0.00} | {(goal.AtMost ? "≤" : "≥")} {goal.Limit} | {(goal.IsMet ? "met" : "missed")} |\n");
        }

        return text.ToString();
    }

    private static void AppendScenario(StringBuilder text, ScenarioResult result)
    {
        var scenario = result.Scenario;
        text.Append(CultureInfo.InvariantCulture, $"""
            ## {Title(result)}

            | target | CPU µs per {scenario.Unit} | range | ÷ YARP | requests/s | ÷ YARP | p50 ms | p99 ms | gap p99 ms |
            |---|---|---|---|---|---|---|---|---|

            """);
        var alone = result.Targets.All(t => t.Name != "yarp");
        foreach (var target in result.Targets)
        {
            var isProxy = target.Name != "direct";
            text.Append(CultureInfo.InvariantCulture, $"| {target.Name} ");
            text.Append(isProxy
                ? string.Create(CultureInfo.InvariantCulture, $"| {target.Median(r => r.CpuMicroseconds):0.0} | {target.Lowest(r => r.CpuMicroseconds):0.0}–{target.Highest(r => r.CpuMicroseconds):0.0} | {(alone ? "–" : result.Ratio(target.Name, "yarp", r => r.CpuMicroseconds).ToString("0.00", CultureInfo.InvariantCulture))} ")
                : "| – | – | – ");
            text.Append(CultureInfo.InvariantCulture, $"| {target.Median(r => r.PerSecond):0} | {(alone ? "–" : result.Ratio(target.Name, "yarp", r => r.PerSecond).ToString("0.00", CultureInfo.InvariantCulture))} ");
            text.Append(CultureInfo.InvariantCulture, $"| {target.Median(r => r.P50Ms):0.00} | {target.Median(r => r.P99Ms):0.00} ");
            text.Append(scenario.Stream ? string.Create(CultureInfo.InvariantCulture, $"| {target.Median(r => r.GapP99Ms):0.0} |\n") : "| – |\n");
        }

        if (alone)
        {
            text.Append('\n');
            return;
        }

        var direct = result.Of("direct");
        text.Append(CultureInfo.InvariantCulture, $"\nPer {scenario.Unit} the providers used {direct.Median(r => r.CpuMicroseconds):0.0} µs and the load client {direct.Median(r => r.ClientCpuMicroseconds):0.0} µs (direct).\n\n");
    }

    private static string Title(ScenarioResult result)
    {
        var scenario = result.Scenario;
        var answer = result.Of("gateway").Median(r => r.AnswerBytes);
        var load = scenario.PerSecond is { } rate ? $"{rate} requests/s" : $"{scenario.Connections} connections";
        var protocol = scenario.Converted ? "Messages client over Chat providers, stream" : "Chat stream";
        var kind = scenario.UnknownKeys ? "Chat, refused for a key that nobody knows, another each time"
            : scenario.BesidePeer ? "Chat, not streamed, beside the npm package @portkey-ai/gateway"
            : scenario.LargeTables ? "Chat, not streamed, beside a gateway with large tables"
            : scenario.Stream ? $"{protocol}, {scenario.Chunks} chunks {scenario.ChunkDelayMs} ms apart" : "Chat, not streamed";
        return string.Create(CultureInfo.InvariantCulture, $"{kind}, {scenario.RequestBytes} bytes in, {answer:0} bytes out, {load}, {scenario.Requests} requests per round");
    }

    private string Json() => JsonSerializer.Serialize(
        new
        {
            At = at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            machine,
            CheckedRows = checkedRows,
            Goals = _goals,
            LargeTables = large,
            Scenarios = results.Select(r => new
            {
                r.Scenario.Name,
                r.Scenario.Connections,
                r.Scenario.Requests,
                r.Scenario.PerSecond,
                r.Scenario.Chunks,
                r.Scenario.RequestBytes,
                Targets = r.Targets.Select(t => new { t.Name, CpuMicroseconds = t.Median(x => x.CpuMicroseconds), PerSecond = t.Median(x => x.PerSecond), GapP99Ms = t.Median(x => x.GapP99Ms), t.Rounds }),
            }),
        },
        JsonOptions);
}
