namespace AIHigress.Load.Results;

/// <summary>What is wanted of the gateway. A goal that is missed is reported, not failed: machines differ, and speed is no test.</summary>
internal static class Goals
{
    private const string Gateway = "gateway";
    private const string Yarp = "yarp";
    private const string Direct = "direct";

    public static IReadOnlyList<Goal> Of(IReadOnlyList<ScenarioResult> results) =>
        [.. results.Where(r => !r.Scenario.Converted).SelectMany(Of), .. OfConverted(results)];

    // The same answers, once passed on and once converted.
    private static IEnumerable<Goal> OfConverted(IReadOnlyList<ScenarioResult> results)
    {
        var converted = results.FirstOrDefault(r => r.Scenario.Converted);
        var passed = results.FirstOrDefault(r => r.Scenario is { Stream: true, Converted: false });
        if (converted is not null && passed is not null)
        {
            var ratio = converted.Of(Gateway).Median(r => r.CpuMicroseconds) / passed.Of(Gateway).Median(r => r.CpuMicroseconds);
            yield return new Goal("Stream, Messages client over Chat providers: CPU per chunk ÷ same protocol", ratio, 3, AtMost: true);
        }
    }

    private static IEnumerable<Goal> Of(ScenarioResult result) => result.Scenario switch
    {
        { Stream: true } =>
        [
            new Goal("Stream: CPU per chunk, gateway ÷ YARP", result.Ratio(Gateway, Yarp, r => r.CpuMicroseconds), 2.0, AtMost: true),
        ],
        { PerSecond: null } =>
        [
            new Goal("Chat: CPU per request, gateway ÷ YARP", result.Ratio(Gateway, Yarp, r => r.CpuMicroseconds), 1.8, AtMost: true),
            new Goal("Chat: requests per second, gateway ÷ YARP", result.Ratio(Gateway, Yarp, r => r.PerSecond), 0.6, AtMost: false),
        ],
        _ =>
        [
            new Goal("Chat at a fixed rate: ms added to the median", Added(result, r => r.P50Ms), 0.5, AtMost: true),
            new Goal("Chat at a fixed rate: ms added to the 99th percentile", Added(result, r => r.P99Ms), 3, AtMost: true),
        ],
    };

    private static double Added(ScenarioResult result, Func<RoundFigures, double> figure) =>
        result.Of(Gateway).Median(figure) - result.Of(Direct).Median(figure);
}
