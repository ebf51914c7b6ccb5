using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Health.Probing;

namespace AIHigress.Gateway.DataPlane.Probing;

/// <summary>
/// A probe is a real chat: the provider's keys, rates, adapter and transport, and an answer that is read as one. What it
/// used is journaled like any request's, as kind <c>probe</c> and of nobody.
/// </summary>
internal sealed class ProbeChat(
    KeyPool keys, UpstreamBoard board, UpstreamSender sender, TokenCounter tokens, UsageJournalOfProbes journal, ShutdownDrain drain, TimeProvider time) : IProviderProbe
{
    private const int MostKeys = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public async Task<ProbeAnswer> AskAsync(ProviderRoute provider, string model, string prompt, CancellationToken cancellationToken)
    {
        var used = new List<Guid>();
        var answer = new ProbeAnswer(ProbeEnd.Busy, 0, null, provider.Keys.Count == 0 && provider.AuthStyle != ProviderAuthStyle.None
            ? "The provider has no active key."
            : "The provider or its keys have no free place now.");
        for (var i = 0; i < MostKeys; i++)
        {
            using var lease = await keys.TryTakeAsync(provider, used);
            if (lease is null)
            {
                break;
            }

            var (tried, failure) = await AskAsync(provider, lease, model, prompt, cancellationToken);
            answer = tried;
            Note(lease, failure);
            if (lease.Key is null || failure is not { Kind: FailureKind.Auth or FailureKind.RateLimited })
            {
                break;
            }

            used.Add(lease.Key.Id);
        }

        Measure(provider.Id, model, answer);
        return answer;
    }

    // Routing learns of an upstream that has no traffic by its probes.
    private void Measure(string provider, string model, ProbeAnswer answer)
    {
        if (answer.End is not (ProbeEnd.Answered or ProbeEnd.Failed))
        {
            return;
        }

        var name = $"|{provider}|{model}";
        foreach (var (key, state) in board.Upstreams)
        {
            if (!key.EndsWith(name, StringComparison.Ordinal))
            {
                continue;
            }

            if (answer.End == ProbeEnd.Failed)
            {
                state.Measured.AddFailure();
                continue;
            }

            state.Measured.AddSuccess();
            state.Measured.AddPlain(answer.Ms);
        }
    }

    private async Task<(ProbeAnswer Answer, AttemptFailure? Failure)> AskAsync(
        ProviderRoute provider, KeyLease lease, string model, string prompt, CancellationToken cancellationToken)
    {
        var (answer, failure) = await SendAsync(provider, lease, ProbeRequest.Create(model, prompt, newName: false), cancellationToken);
        return failure is { Kind: FailureKind.Rejected or FailureKind.Unsupported } && failure.Message.Contains("max_completion_tokens", StringComparison.OrdinalIgnoreCase)
            ? await SendAsync(provider, lease, ProbeRequest.Create(model, prompt, newName: true), cancellationToken)
            : (answer, failure);
    }

    private async Task<(ProbeAnswer Answer, AttemptFailure? Failure)> SendAsync(
        ProviderRoute provider, KeyLease lease, InboundCall call, CancellationToken cancellationToken)
    {
        using var request = call;
        var id = Guid.CreateVersion7();
        var (startedAt, started) = (time.GetUtcNow(), time.GetTimestamp());
        using var clock = new AttemptClock(time, started + (long)(Limit.TotalSeconds * time.TimestampFrequency), cancellationToken, drain.Ending);
        var upstream = new UpstreamRoute { Key = "probe", Provider = provider, Model = call.Model };
        var reply = await sender.SendAsync(call, upstream, lease.Key, new AttemptTimes(Limit, Limit, Limit, Limit), clock, id);
        using var plain = reply.Plain;
        cancellationToken.ThrowIfCancellationRequested();
        var usage = plain is null ? default : plain.Usage ?? tokens.Count(call.Model, call, plain.Text.Written.Span);
        var ms = (int)time.GetElapsedTime(started).TotalMilliseconds;
        var answer = new ProbeAnswer(
            EndOf(reply.Failure), ms, reply.Failure is { } f ? f.Status : 200, reply.Failure?.Message,
            usage.Input + usage.CachedInput + usage.CacheWrite, usage.Output + usage.Reasoning);
        await journal.AppendAsync(new ProbeUse(id, startedAt, provider, lease.Key?.Id, call, answer, usage, plain is not null && plain.Usage is null, reply.Failure));
        return (answer, reply.Failure);
    }

    private static ProbeEnd EndOf(AttemptFailure? failure) => failure?.Kind switch
    {
        null => ProbeEnd.Answered,
        FailureKind.RateLimited or FailureKind.ServerEnding or FailureKind.ClientGone => ProbeEnd.Busy,
        FailureKind.Rejected or FailureKind.Unsupported => ProbeEnd.Refused,
        _ => ProbeEnd.Failed,
    };

    // A key learns from a probe what it would learn from a client's request.
    private static void Note(KeyLease lease, AttemptFailure? failure)
    {
        if (failure is null)
        {
            lease.State?.Succeeded();
        }
        else if (failure.Kind == FailureKind.RateLimited)
        {
            lease.State?.RateLimited(failure.RetryAfter);
        }
        else if (failure.Kind == FailureKind.Auth)
        {
            lease.State?.Refused();
        }
    }
}
