using AIHigress.Gateway.Common;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Health.Probing;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Wire;

namespace AIHigress.Gateway.DataPlane.Probing;

/// <summary>One probe, as its usage record needs it.</summary>
internal sealed record ProbeUse(
    Guid Id, DateTimeOffset StartedAt, ProviderRoute Provider, Guid? Key, InboundCall Call, ProbeAnswer Answer, TokenUsage Usage, bool Estimated, AttemptFailure? Failure);

/// <summary>Writes what probes used: provider, model and tokens, but no user and no API key, for nobody is charged.</summary>
internal sealed partial class UsageJournalOfProbes(IUsageJournal journal, ILogger<UsageJournalOfProbes> logger)
{
    private const int NoAnswer = 502;

    public async Task AppendAsync(ProbeUse use)
    {
        try
        {
            await journal.AppendAsync(RecordOf(use));
        }
        catch (JournalUnavailableException e)
        {
            // The journal reports itself; a probe that can't be recorded has happened all the same.
            ProbeNotJournaled(use.Id, e);
        }
    }

    private static UsageRecord RecordOf(ProbeUse use)
    {
        var (provider, call, answer) = (use.Provider, use.Call, use.Answer);
        return new UsageRecord
        {
            RequestId = use.Id,
            Kind = "probe",
            StartedAt = UnixMicroseconds.From(use.StartedAt),
            Endpoint = "probe",
            Protocol = call.Endpoint.Name,
            UpstreamProtocol = ClientEndpoint.NameOf(UpstreamAdapters.Of(provider).Protocol),
            RequestedModel = call.Model,
            ProviderId = provider.Id,
            UpstreamModel = call.Model,
            ProviderKeyId = use.Key,
            Status = use.Failure is null ? StatusCodes.Status200OK : answer.Status is { } status and not 200 ? status : NoAnswer,
            ErrorCode = use.Failure is null ? null : "probe_failed",
            Ok = use.Failure is null,
            InputTokens = use.Usage.Input,
            CachedInputTokens = use.Usage.CachedInput,
            CacheWriteTokens = use.Usage.CacheWrite,
            OutputTokens = use.Usage.Output,
            ReasoningTokens = use.Usage.Reasoning,
            TokensEstimated = use.Estimated,
            DurationMs = answer.Ms,
            BytesIn = call.Length,
            Attempts =
            [
                new UsageAttempt(
                    provider.Id, call.Model, use.Key, answer.Status, use.Failure?.Category ?? "ok", 0, null, answer.Ms, use.Failure?.Message),
            ],
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The usage of probe {Probe} could not be journaled")]
    private partial void ProbeNotJournaled(Guid probe, Exception exception);
}
