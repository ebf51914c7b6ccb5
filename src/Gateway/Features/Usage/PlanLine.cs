using System.Text.Json;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>
/// A plan in the short form in which it is kept with every request: JSON lists without names, terms of scores in parts of
/// ten thousand. It is written for each request, twice to disk, and seldom read: its length is what a plan costs.
/// <para>
/// plan: [version, logical model, strategy, stickiness, candidates, candidate count, exclusions, exclusion count, fallbacks, error];
/// candidate: [logical model, provider, model, score, weight, latency, error, cost, penalty, dynamic weight, key label, circuit,
/// health, in flight, samples, tried anyway]; exclusion: [logical model, provider, model, reason, text]; fallback: [model, reason].
/// Inside, null is the plan's own logical model.
/// </para>
/// </summary>
internal static class PlanLine
{
    private const int Version = 1;
    private const double Parts = 10_000;

    // Kept as their places here: new names go to the end.
    private static readonly string[] Circuits = [PlanCandidate.Closed, PlanCandidate.Open, PlanCandidate.HalfOpen, PlanCandidate.Trial];
    private static readonly string[] Healths = [PlanCandidate.Unknown, PlanCandidate.Healthy, PlanCandidate.Degraded, PlanCandidate.Down];

    public static void Write(Utf8JsonWriter writer, PlanView plan)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(Version);
        writer.WriteStringValue(plan.LogicalModel);
        writer.WriteStringValue(plan.Strategy);
        writer.WriteStringValue(plan.Stickiness);
        writer.WriteStartArray();
        for (var i = 0; i < plan.Candidates.Count; i++)
        {
            Write(writer, plan.Candidates[i], plan.LogicalModel);
        }

        writer.WriteEndArray();
        writer.WriteNumberValue(plan.CandidateCount);
        writer.WriteStartArray();
        for (var i = 0; i < plan.Excluded.Count; i++)
        {
            var excluded = plan.Excluded[i];
            writer.WriteStartArray();
            writer.WriteStringValue(OrNull(excluded.LogicalModel, plan.LogicalModel));
            writer.WriteStringValue(excluded.Provider);
            writer.WriteStringValue(excluded.Model);
            writer.WriteStringValue(excluded.Reason);
            writer.WriteStringValue(excluded.Text);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteNumberValue(plan.ExcludedCount);
        writer.WriteStartArray();
        for (var i = 0; i < plan.Fallbacks.Count; i++)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(plan.Fallbacks[i].Model);
            writer.WriteStringValue(plan.Fallbacks[i].Reason);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStringValue(plan.Error);
        writer.WriteEndArray();
    }

    /// <exception cref="JsonException">It is no plan, or one of a later version.</exception>
    public static PlanView Read(ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var plan = document.RootElement;
        if (plan.GetArrayLength() != 10 || plan[0].GetInt32() != Version)
        {
            throw new JsonException("A plan that this version can't read.");
        }

        var logical = plan[1].GetString();
        return new PlanView
        {
            LogicalModel = logical,
            Strategy = plan[2].GetString(),
            Stickiness = plan[3].GetString(),
            Candidates = [.. plan[4].EnumerateArray().Select((c, i) => ReadCandidate(c, i + 1, logical))],
            CandidateCount = plan[5].GetInt32(),
            Excluded = [.. plan[6].EnumerateArray().Select(e => new PlanExclusion(
                e[0].GetString() ?? logical ?? "", e[1].GetString()!, e[2].GetString()!, e[3].GetString()!, e[4].GetString()))],
            ExcludedCount = plan[7].GetInt32(),
            Fallbacks = [.. plan[8].EnumerateArray().Select(f => new PlanFallback(f[0].GetString()!, f[1].GetString()))],
            Error = plan[9].GetString(),
        };
    }

    private static void Write(Utf8JsonWriter writer, PlanCandidate candidate, string? logical)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(OrNull(candidate.LogicalModel, logical));
        writer.WriteStringValue(candidate.Provider);
        writer.WriteStringValue(candidate.Model);
        WriteTerm(writer, candidate.Score);
        WriteTerm(writer, candidate.WeightTerm);
        WriteTerm(writer, candidate.LatencyTerm);
        WriteTerm(writer, candidate.ErrorTerm);
        WriteTerm(writer, candidate.CostTerm);
        WriteTerm(writer, candidate.PenaltyTerm);
        WriteTerm(writer, candidate.DynamicWeight);
        writer.WriteStringValue(candidate.KeyLabel);
        writer.WriteNumberValue(Array.IndexOf(Circuits, candidate.Circuit));
        writer.WriteNumberValue(Array.IndexOf(Healths, candidate.Health));
        writer.WriteNumberValue(candidate.InFlight);
        writer.WriteNumberValue(candidate.Samples);
        writer.WriteNumberValue(candidate.TriedAnyway ? 1 : 0);
        writer.WriteEndArray();
    }

    private static PlanCandidate ReadCandidate(JsonElement candidate, int rank, string? logical) => new()
    {
        Rank = rank,
        LogicalModel = candidate[0].GetString() ?? logical ?? "",
        Provider = candidate[1].GetString()!,
        Model = candidate[2].GetString()!,
        Score = ReadTerm(candidate[3]) ?? 0,
        WeightTerm = ReadTerm(candidate[4]) ?? 0,
        LatencyTerm = ReadTerm(candidate[5]),
        ErrorTerm = ReadTerm(candidate[6]),
        CostTerm = ReadTerm(candidate[7]),
        PenaltyTerm = ReadTerm(candidate[8]),
        DynamicWeight = ReadTerm(candidate[9]),
        KeyLabel = candidate[10].GetString(),
        Circuit = Circuits[candidate[11].GetInt32()],
        Health = Healths[candidate[12].GetInt32()],
        InFlight = candidate[13].GetInt32(),
        Samples = candidate[14].GetInt64(),
        TriedAnyway = candidate[15].GetInt32() != 0,
    };

    private static string? OrNull(string model, string? logical) => model == logical ? null : model;

    private static void WriteTerm(Utf8JsonWriter writer, double? term)
    {
        if (term is { } value)
        {
            writer.WriteNumberValue((long)Math.Round(value * Parts));
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static double? ReadTerm(JsonElement term) => term.ValueKind == JsonValueKind.Null ? null : term.GetInt64() / Parts;
}
