using System.Diagnostics;
using System.Diagnostics.Metrics;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.Hosting.Telemetry;

namespace AIHigress.Gateway.DataPlane.Metering;

/// <summary>Metrics and spans of AI requests, by OpenTelemetry's names for generative AI.</summary>
internal sealed class DataPlaneMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _ttft;
    private readonly Histogram<long> _tokens;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _attempts;

    public DataPlaneMetrics()
    {
        var meter = GatewayTelemetry.Meter;
        _duration = meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Duration of AI requests");
        _ttft = meter.CreateHistogram<double>("gen_ai.server.time_to_first_token", "s", "Time until the first output of a stream");
        _tokens = meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of AI requests");
        _refused = meter.CreateCounter<long>("aihigress.requests.unknown_caller", "{request}", "Requests without a valid API key");
        _attempts = meter.CreateCounter<long>("aihigress.attempts", "{attempt}", "Attempts on upstreams");
    }

    public void UnknownCaller(string? code) => _refused.Add(1, new KeyValuePair<string, object?>("error.type", code));

    /// <summary>A span for one request; null when nobody listens.</summary>
    public static Activity? StartSpan() => GatewayTelemetry.Activities.StartActivity("chat", ActivityKind.Server);

    public void Finished(UsageRecord record)
    {
        Describe(Activity.Current, record);
        if (!_duration.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.provider.name", record.ProviderId },
            { "gen_ai.request.model", record.LogicalModel },
            { "gen_ai.response.model", record.UpstreamModel },
        };
        AddTokens(record.InputTokens + record.CachedInputTokens + record.CacheWriteTokens, "input", tags);
        AddTokens(record.OutputTokens + record.ReasoningTokens, "output", tags);
        if (record.TtftMs is { } ttft)
        {
            _ttft.Record(ttft / 1000d, tags);
        }

        foreach (var attempt in record.Attempts)
        {
            _attempts.Add(1, new("gen_ai.provider.name", attempt.Provider), new("outcome", attempt.Category));
        }

        if (record.ErrorCode is not null)
        {
            tags.Add("error.type", record.ErrorCode);
        }

        _duration.Record(record.DurationMs / 1000d, tags);
    }

    private void AddTokens(long count, string type, TagList tags)
    {
        if (count > 0)
        {
            tags.Add("gen_ai.token.type", type);
            _tokens.Record(count, tags);
        }
    }

    private static void Describe(Activity? span, UsageRecord record)
    {
        if (span is not { IsAllDataRequested: true } || span.Source != GatewayTelemetry.Activities)
        {
            return;
        }

        span.SetTag("gen_ai.operation.name", "chat");
        span.SetTag("gen_ai.provider.name", record.ProviderId);
        span.SetTag("gen_ai.request.model", record.LogicalModel);
        span.SetTag("gen_ai.response.model", record.UpstreamModel);
        span.SetTag("gen_ai.usage.input_tokens", record.InputTokens + record.CachedInputTokens + record.CacheWriteTokens);
        span.SetTag("gen_ai.usage.output_tokens", record.OutputTokens + record.ReasoningTokens);
        span.SetTag("aihigress.attempts", record.Attempts.Count);
        if (record.Attempts.Count > 0 && record.Attempts[^1].Proxy is { } proxy)
        {
            span.SetTag("aihigress.proxy", proxy);
        }

        if (record.ErrorCode is { } code)
        {
            span.SetTag("error.type", code);
            span.SetStatus(ActivityStatusCode.Error, code);
        }
    }
}
