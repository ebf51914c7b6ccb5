using System.Reflection;
using System.Text.Json;
using AIHigress.Gateway.Features.Usage;

namespace AIHigress.Gateway.UnitTests.Usage;

/// <summary>The records' own writer against the serializer that reads them.</summary>
public sealed class UsageRecordWriterTests
{
    [Fact]
    public void Record_EveryPropertySet_IsReadAsItWas()
    {
        var record = Full();
        AssertAllSet(record);
        AssertAllSet(record.Attempts[0]);
        AssertAllSet(record.Plan!.Candidates[0]);

        var read = JsonSerializer.Deserialize(UsageRecordWriter.ToUtf8(record), UsageJson.Default.UsageRecord)!;

        Assert.Equal(Text(record), Text(read));
    }

    [Fact]
    public void Record_NothingSet_IsReadAsItWas()
    {
        var record = new UsageRecord { RequestId = Guid.NewGuid(), StartedAt = 0, Endpoint = "", Protocol = "" };

        var read = JsonSerializer.Deserialize(UsageRecordWriter.ToUtf8(record), UsageJson.Default.UsageRecord)!;

        Assert.Equal(Text(record), Text(read));
    }

    [Fact]
    public void Record_ZeroThatIsKnown_IsNotTakenForUnknown()
    {
        var record = Full() with { ChargeMicro = 0, TtftMs = 0, Attempts = [Full().Attempts[0] with { Status = 0, TtftMs = 0 }] };

        var read = JsonSerializer.Deserialize(UsageRecordWriter.ToUtf8(record), UsageJson.Default.UsageRecord)!;

        Assert.Equal((0, 0, 0, 0), (read.ChargeMicro, read.TtftMs, read.Attempts[0].Status, read.Attempts[0].TtftMs));
    }

    [Fact]
    public void Detail_EveryPropertySet_IsReadAsItWas()
    {
        var record = Full();

        var read = JsonSerializer.Deserialize(UsageRecordWriter.ToDetail(record), UsageJson.Default.UsageDetail)!;

        Assert.Equal(Text(record.Attempts), Text(read.Attempts));
        Assert.Equal(Text(record.Plan), Text(read.Plan));
        Assert.Equal(record.TraceId, read.TraceId);
    }

    [Fact]
    public void Detail_TwoCandidates_StaysShort()
    {
        var candidate = Full().Plan!.Candidates[0] with { LogicalModel = "chat", Provider = "provider-a", Model = "up", KeyLabel = null };
        var record = Full() with { Attempts = [], Plan = new PlanView { LogicalModel = "chat", Strategy = "balanced", Candidates = [candidate, candidate], CandidateCount = 2 } };

        Assert.InRange(UsageRecordWriter.ToDetail(record).Length, 1, 270);
    }

    [Theory]
    [InlineData("closed", "unknown")]
    [InlineData("open", "healthy")]
    [InlineData("half_open", "degraded")]
    [InlineData("trial", "down")]
    public void Candidate_CircuitAndHealth_AreReadAsTheyWere(string circuit, string health)
    {
        var record = Full() with { Plan = new PlanView { Candidates = [Full().Plan!.Candidates[0] with { Circuit = circuit, Health = health, CostTerm = null }] } };

        var read = JsonSerializer.Deserialize(UsageRecordWriter.ToUtf8(record), UsageJson.Default.UsageRecord)!.Plan!.Candidates[0];

        Assert.Equal((circuit, health, null), (read.Circuit, read.Health, read.CostTerm));
    }

    private static UsageRecord Full() => new()
    {
        RequestId = Guid.NewGuid(),
        ParentId = Guid.NewGuid(),
        Kind = "probe",
        ClientRequestId = "client \"1\" \u00e9\u4e2d",
        StartedAt = 1_795_543_018_658_438,
        UserId = Guid.NewGuid(),
        ApiKeyId = Guid.NewGuid(),
        SessionId = "session",
        App = "app",
        Endpoint = "/v1/chat/completions",
        Protocol = "openai_chat",
        UpstreamProtocol = "gemini",
        RequestedModel = "asked",
        LogicalModel = "logical",
        ProviderId = "provider",
        UpstreamModel = "upstream",
        ProviderKeyId = Guid.NewGuid(),
        Status = 200,
        ErrorCode = "code",
        Ok = true,
        Stream = true,
        InputTokens = 1,
        CachedInputTokens = 2,
        CacheWriteTokens = 3,
        OutputTokens = 4,
        ReasoningTokens = 5,
        TokensEstimated = true,
        ChargeMicro = 6,
        TtftMs = 7,
        DurationMs = 8,
        BytesIn = 9,
        BytesOut = 10,
        Attempts =
        [
            new UsageAttempt("provider", "upstream", Guid.NewGuid(), 503, "network", 1, 2, 3, "refused", "proxy:1")
            {
                Role = "hedge",
                Note = "served",
                WasteInputTokens = 4,
                WasteOutputTokens = 5,
            },
            new UsageAttempt("other", "upstream", null, null, "ok", 0, null, 0, null),
        ],
        Plan = new PlanView
        {
            LogicalModel = "logical",
            Strategy = "balanced",
            Stickiness = "session",
            Candidates =
            [
                new PlanCandidate
                {
                    Rank = 1,
                    LogicalModel = "fallback",
                    Provider = "provider",
                    Model = "up/stream",
                    Score = 0.9997,
                    WeightTerm = 1,
                    LatencyTerm = 0.0003,
                    ErrorTerm = 0.1,
                    CostTerm = 0.29,
                    PenaltyTerm = 0.7,
                    DynamicWeight = 2.9999,
                    KeyLabel = "main",
                    Circuit = "trial",
                    Health = "degraded",
                    InFlight = 21,
                    Samples = 24_276,
                    TriedAnyway = true,
                },
            ],
            CandidateCount = 12,
            Excluded = [new PlanExclusion("logical", "p", "m", "reason", "text"), new PlanExclusion("fallback", "p", "m", "reason", null)],
            ExcludedCount = 3,
            Fallbacks = [new PlanFallback("fallback", "unknown_model"), new PlanFallback("another", null)],
            Error = "error",
        },
        TraceId = "trace",
    };

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, Plain);

    private static readonly JsonSerializerOptions Plain = new();

    private static void AssertAllSet<T>(T value)
    {
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var found = property.GetValue(value);
            var unset = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
            Assert.False(Equals(found, unset), $"{property.Name} is not set here, so this says nothing of it");
        }
    }
}
