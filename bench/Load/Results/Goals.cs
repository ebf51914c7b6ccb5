using AIHigress.Load.Targets;

namespace AIHigress.Load.Results;

/// <summary>What is wanted of the gateway. A goal that is missed is reported, not failed: machines differ, and speed is no test.</summary>
internal static class Goals
{
    private const string Gateway = "gateway";
    private const string Yarp = "yarp";
    private const string Direct = "direct";

    public static IReadOnlyList<Goal> Of(IReadOnlyList<ScenarioResult> results, LargeFigures? large) =>
        [.. results.SelectMany(result => Of(result, results)), .. OfLarge(large)];

    private static IEnumerable<Goal> Of(ScenarioResult result, IReadOnlyList<ScenarioResult> all) => result.Scenario.Name switch
    {
        "chat" =>
        [
            new Goal("Chat: CPU per request, gateway ÷ YARP", result.Ratio(Gateway, Yarp, r => r.CpuMicroseconds), 1.8, AtMost: true),
            new Goal("Chat: requests per second, gateway ÷ YARP", result.Ratio(Gateway, Yarp, r => r.PerSecond), 0.6, AtMost: false),
        ],
        "chat_fixed_rate" =>
        [
            new Goal("Chat at a fixed rate: ms added to the median", Added(result, r => r.P50Ms), 0.5, AtMost: true),
            new Goal("Chat at a fixed rate: ms added to the 99th percentile", Added(result, r => r.P99Ms), 3, AtMost: true),
        ],
        "stream" => [new Goal("Stream: CPU per chunk, gateway ÷ YARP", result.Ratio(Gateway, Yarp, r => r.CpuMicroseconds), 2.0, AtMost: true)],
        "stream_converted" => OfConverted(result, all),
        "chat_300kb" =>
        [
            new Goal("300 KB prompt: CPU per request, gateway ÷ YARP", result.Ratio(Gateway, Yarp, r => r.CpuMicroseconds), 1.6, AtMost: true),
            new Goal("300 KB prompt: requests per second and core used", 1_000_000 / result.Of(Gateway).Median(r => r.CpuMicroseconds), 150, AtMost: false),
        ],
        "stream_1000" => [new Goal("1,000 streams and 1 MB among them: ms added to the 99th percentile between chunks", Added(result, r => r.GapP99Ms), 5, AtMost: true)],
        "unknown_keys" => [new Goal("Unknown keys: CPU µs per refusal", result.Of(Gateway).Median(r => r.CpuMicroseconds), 30, AtMost: true)],
        "peer" => [new Goal("Chat beside @portkey-ai/gateway: requests per second, ours ÷ theirs", result.Ratio(Gateway, "peer", r => r.PerSecond), 12, AtMost: false)],
        "large_tables" => [new Goal("Large tables: CPU per request ÷ with small ones", result.Ratio(LargeGateway.Name, Gateway, r => r.CpuMicroseconds), 1.1, AtMost: true)],
        _ => [],
    };

    // The same answers, once passed on and once converted.
    private static IEnumerable<Goal> OfConverted(ScenarioResult converted, IReadOnlyList<ScenarioResult> all)
    {
        if (all.FirstOrDefault(r => r.Scenario.Name == "stream") is { } passed)
        {
            var ratio = converted.Of(Gateway).Median(r => r.CpuMicroseconds) / passed.Of(Gateway).Median(r => r.CpuMicroseconds);
            yield return new Goal("Stream, Messages client over Chat providers: CPU per chunk ÷ same protocol", ratio, 3, AtMost: true);
        }
    }

    private static IEnumerable<Goal> OfLarge(LargeFigures? large) => large is null ? [] :
    [
        new Goal("Large tables: seconds from start to ready", large.StartSeconds, 5, AtMost: true),
        new Goal("Large tables: µs of a plan with ten candidates, median", large.PlanMicroseconds, 30, AtMost: true),
        new Goal("Large tables: MiB of memory when ready", large.MemoryMib, 400, AtMost: true),
    ];

    private static double Added(ScenarioResult result, Func<RoundFigures, double> figure) =>
        result.Of(Gateway).Median(figure) - result.Of(Direct).Median(figure);
}
