using AIHigress.Gateway.Common;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Attempts;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Responses;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Wire;

namespace AIHigress.Gateway.DataPlane.Metering;

/// <summary>Gathers, while a request runs, what its usage record will say. One request writes it, nobody else.</summary>
internal sealed class ExchangeLog(Guid requestId, string path, ClientEndpoint endpoint, TimeProvider time)
{
    private const int LongestModel = 256;

    private readonly List<UsageAttempt> _attempts = new(1);
    private readonly long _startedAt = UnixMicroseconds.From(time.GetUtcNow());
    private bool _closed;

    public Guid RequestId { get; } = requestId;

    public ClientEndpoint Endpoint { get; } = endpoint;

    /// <summary>What the path of a Gemini request says.</summary>
    public GeminiTarget? Target { get; init; }

    /// <summary>Timestamp of the start, for durations and the deadline.</summary>
    public long Started { get; } = time.GetTimestamp();

    public ApiCaller? Caller { get; set; }

    public InboundCall? Call { get; set; }

    /// <summary>Of a Responses request: what it follows, and whether it is kept.</summary>
    public ResponseTurn? Turn { get; set; }

    public RoutePlan? Plan { get; set; }

    public Candidate? Served { get; set; }

    public ProviderKeyRoute? ServedKey { get; set; }

    public string? App { get; set; }

    public string? ClientRequestId { get; set; }

    public TokenUsage? Usage { get; set; }

    public bool UsageEstimated { get; set; }

    public int? TtftMs { get; set; }

    public long BytesOut { get; set; }

    /// <summary>Set by the one record that is written; a client that leaves while its last bytes are on their way adds none.</summary>
    public bool IsRecorded { get; set; }

    public int Attempts => _attempts.Count;

    public int ElapsedMs => ToMs(time.GetElapsedTime(Started));

    /// <param name="attempt">Who was tried.</param>
    /// <param name="failure">Why it is no answer; null: it is one.</param>
    /// <param name="status">The upstream's status, where <paramref name="failure"/> tells none.</param>
    /// <param name="waste">What it cost for nothing.</param>
    public void AddAttempt(LiveAttempt attempt, AttemptFailure? failure, int? status, Waste waste = default) =>
        _attempts.Add(new UsageAttempt(
            attempt.Candidate.Upstream.Provider.Id,
            attempt.Candidate.Upstream.Model,
            attempt.Lease.Key?.Id,
            failure?.Status ?? status,
            failure?.Category ?? "ok",
            attempt.StartMs,
            attempt.TtftMs,
            ElapsedMs - attempt.StartMs,
            failure?.Message)
        {
            Role = attempt.Role,
            Note = attempt.Note,
            WasteInputTokens = waste.InputTokens,
            WasteOutputTokens = waste.OutputTokens,
        });

    /// <summary>Adds to what the record says of an attempt, in the order of <see cref="AddAttempt"/>.</summary>
    public void Note(int index, string note) => _attempts[index] = _attempts[index] with { Note = note };

    /// <summary>True for the first who asks: a request has one record.</summary>
    public bool TryClose()
    {
        var first = !_closed;
        _closed = true;
        return first;
    }

    public UsageRecord ToRecord(int status, string? errorCode)
    {
        var usage = Usage ?? default;
        return new UsageRecord
        {
            RequestId = RequestId,
            ClientRequestId = ClientRequestId,
            StartedAt = _startedAt,
            UserId = Caller?.UserId,
            ApiKeyId = Caller?.KeyId,
            App = App,
            Endpoint = path,
            Protocol = Endpoint.Name,
            UpstreamProtocol = UpstreamProtocol(),
            RequestedModel = Clip(Call?.Model ?? Target?.Model),
            LogicalModel = Served?.LogicalModel ?? Plan?.Route?.Id,
            ProviderId = Served?.Upstream.Provider.Id,
            UpstreamModel = Served?.Upstream.Model,
            ProviderKeyId = ServedKey?.Id,
            Status = status,
            ErrorCode = errorCode,
            Ok = errorCode is null,
            Stream = Call?.Stream ?? false,
            InputTokens = usage.Input,
            CachedInputTokens = usage.CachedInput,
            CacheWriteTokens = usage.CacheWrite,
            OutputTokens = usage.Output,
            ReasoningTokens = usage.Reasoning,
            TokensEstimated = UsageEstimated,
            TtftMs = TtftMs,
            DurationMs = ElapsedMs,
            BytesIn = Call?.Length ?? 0,
            BytesOut = BytesOut,
            // Of two that ran at once, the one that ended first was added first.
            Attempts = _attempts.Count > 1 ? [.. _attempts.OrderBy(a => a.StartMs)] : _attempts,
            Plan = Plan?.Digest(),
            TraceId = System.Diagnostics.Activity.Current?.TraceId.ToString(),
        };
    }

    private string? UpstreamProtocol()
    {
        if (Served is null || Call is null)
        {
            return null;
        }

        var adapter = UpstreamAdapters.Of(Served.Upstream.Provider);
        return adapter.TakesBytes(Call) ? Endpoint.Name : ClientEndpoint.NameOf(adapter.Protocol);
    }

    // Control characters stay out of the log, and a name made to fill it too.
    private static string? Clip(string? model)
    {
        if (model is null || (model.Length <= LongestModel && model.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0))
        {
            return model;
        }

        return string.Concat(model.Take(LongestModel).Select(c => char.IsControl(c) ? '?' : c));
    }

    private static int ToMs(TimeSpan span) => (int)Math.Min(int.MaxValue, span.TotalMilliseconds);
}
