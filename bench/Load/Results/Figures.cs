using AIHigress.Load.Scenarios;

namespace AIHigress.Load.Results;

/// <summary>What one target did in one round.</summary>
/// <param name="CpuMicroseconds">User and system time of its processes per request, or per chunk of a stream.</param>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="P50Ms">Half of the answers were complete by then.</param>
/// <param name="P99Ms">All but one in a hundred.</param>
/// <param name="AnswerBytes">Mean size of an answer's body.</param>
/// <param name="ClientCpuMicroseconds">What the load client itself used per unit.</param>
/// <param name="GapP99Ms">Of streams: between two reads that brought events, all but one in a hundred.</param>
/// <param name="EventsPerRead">Of streams: 1 when each event comes by itself.</param>
internal sealed record RoundFigures(
    double CpuMicroseconds, double PerSecond, double P50Ms, double P99Ms, double AnswerBytes, double ClientCpuMicroseconds, double GapP99Ms, double EventsPerRead);

/// <summary>A target's rounds; each figure is the median of them.</summary>
internal sealed record TargetResult(string Name, IReadOnlyList<RoundFigures> Rounds)
{
    public double Median(Func<RoundFigures, double> figure)
    {
        var sorted = Rounds.Select(figure).Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public double Lowest(Func<RoundFigures, double> figure) => Rounds.Min(figure);

    public double Highest(Func<RoundFigures, double> figure) => Rounds.Max(figure);
}

/// <summary>One scenario over all targets.</summary>
internal sealed record ScenarioResult(Scenario Scenario, IReadOnlyList<TargetResult> Targets)
{
    public TargetResult Of(string target) => Targets.First(t => t.Name == target);

    /// <summary>Median ÷ median.</summary>
    public double Ratio(string target, string other, Func<RoundFigures, double> figure) => Of(target).Median(figure) / Of(other).Median(figure);
}

/// <summary>A figure of the design and what was found.</summary>
/// <param name="What">The measure.</param>
/// <param name="Found">What this run gave.</param>
/// <param name="Limit">The goal.</param>
/// <param name="AtMost">Whether the goal is an upper bound.</param>
internal sealed record Goal(string What, double Found, double Limit, bool AtMost)
{
    public bool IsMet => AtMost ? Found <= Limit : Found >= Limit;
}
