using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Health.Probing;
using AIHigress.Gateway.Features.Providers.Health.Traffic;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>One look at all providers: probe who is due, judge everybody by probes and traffic, store and spread what changed.</summary>
internal sealed partial class HealthRound(
    GatewayDbContext db,
    ProbeRound probes,
    TrafficReader traffic,
    AutoPause autoPause,
    ChangeFeed feed,
    IOptionsMonitor<ProvidersOptions> options,
    TimeProvider time,
    ILogger<HealthRound> logger)
{
    private const int KeptProbes = 50;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.CurrentValue.HealthCheck)
        {
            await SwitchOffAsync(cancellationToken);
            return;
        }

        await AddMissingAsync(cancellationToken);
        var shown = await probes.RunAsync(cancellationToken);
        var subjects = await SubjectsAsync(cancellationToken);
        foreach (var subject in subjects)
        {
            if (shown.TryGetValue(subject.Provider.Id, out var probe))
            {
                Take(subject, probe);
            }
        }

        await JudgeAsync(subjects, cancellationToken);
        await SaveAsync(cancellationToken);
        await ForgetProbesAsync(shown, cancellationToken);
        await autoPause.RunAsync(subjects, cancellationToken);
    }

    private async Task AddMissingAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var missing = await db.Providers.Where(p => p.DeletedAt == null && !db.ProviderHealth.Any(h => h.ProviderId == p.Id)).Select(p => p.Id).ToListAsync(cancellationToken);
        if (missing.Count > 0)
        {
            db.ProviderHealth.AddRange(missing.Select(id => new ProviderHealthState { ProviderId = id, Since = now, ProbeDueAt = now }));
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }

    private async Task<List<HealthSubject>> SubjectsAsync(CancellationToken cancellationToken)
    {
        var states = await db.ProviderHealth.ToDictionaryAsync(h => h.ProviderId, StringComparer.Ordinal, cancellationToken);
        var providers = await db.Providers.AsNoTracking().Where(p => p.DeletedAt == null).ToListAsync(cancellationToken);
        return [.. from provider in providers where states.ContainsKey(provider.Id) select new HealthSubject(provider, states[provider.Id])];
    }

    private void Take(HealthSubject subject, ProbeShown shown)
    {
        var state = subject.State;
        if (!shown.WasNeeded)
        {
            // Clients' answers stand in for a good probe; how many failed beside them is judged with the traffic.
            (state.FailedInRow, state.GoodInRow, state.Backoff) = (0, state.GoodInRow + 1, 0);
            return;
        }

        state.Unprobeable = shown.Probe is null;
        if (shown.Probe is not { } probe)
        {
            return;
        }

        db.ProviderProbes.Add(probe);
        state.LastProbeAt = probe.At;
        state.LastProbeError = probe.Error;
        if (probe.Outcome == ProbeOutcome.Ok)
        {
            // Back from the rarer probes of a pause at once, so that the second good one is not half an hour away.
            state.ProbeDueAt = state.Backoff > 0 ? time.GetUtcNow() + ProbeInterval.Jittered(IntervalOf(subject.Provider)) : state.ProbeDueAt;
            (state.LastProbeOk, state.FailedInRow, state.GoodInRow, state.Backoff) = (true, 0, state.GoodInRow + 1, 0);
        }
        else if (probe.Outcome == ProbeOutcome.Failed)
        {
            (state.LastProbeOk, state.FailedInRow, state.GoodInRow) = (false, state.FailedInRow + 1, 0);
            state.Backoff += subject.IsPausedByHealth ? 1 : 0;
        }
    }

    private TimeSpan IntervalOf(Provider provider) => TimeSpan.FromSeconds(provider.ProbeIntervalSeconds ?? options.CurrentValue.ProbeIntervalSeconds);

    private async Task JudgeAsync(List<HealthSubject> subjects, CancellationToken cancellationToken)
    {
        var window = await traffic.WindowAsync(null, cancellationToken);
        var usual = await traffic.UsualAsync([.. window.Where(w => w.Any(m => m.Ttft.Length > 0)).Select(w => w.Key)], cancellationToken);
        foreach (var subject in subjects)
        {
            var minutes = window[subject.Provider.Id].Where(m => m.Minute > subject.EvidenceAfter).ToList();
            var evidence = TrafficReader.Sum(minutes, usual.TryGetValue(subject.Provider.Id, out var p95) ? p95 : null);
            NoteTraffic(subject.State, window[subject.Provider.Id]);
            subject.GoodProbes = subject.State.GoodInRow;
            Become(subject.State, HealthRules.Next(subject.State.Health, subject.Probes, evidence));
        }
    }

    private static void NoteTraffic(ProviderHealthState state, IEnumerable<TrafficMinute> minutes)
    {
        foreach (var minute in minutes.Where(m => m.Answered > 0))
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(minute.Minute * 60);
            state.LastTrafficAt = state.LastTrafficAt is { } last && last >= at ? last : at;
        }
    }

    private void Become(ProviderHealthState state, Verdict verdict)
    {
        if (verdict.Health == state.Health)
        {
            return;
        }

        var now = time.GetUtcNow();
        db.ProviderEvents.Add(new ProviderEvent
        {
            ProviderId = state.ProviderId,
            CreatedAt = now,
            Kind = ProviderEvent.HealthChanged,
            From = state.Health,
            To = verdict.Health,
            Reason = verdict.Reason,
        });
        var level = verdict.Health == ProviderHealth.Down ? LogLevel.Warning : LogLevel.Information;
        HealthChanged(level, state.ProviderId, verdict.Health, state.Health, verdict.Reason);
        (state.Health, state.Reason, state.Since, state.GoodInRow) = (verdict.Health, verdict.Reason, now, 0);
        state.FailedInRow = verdict.Health == ProviderHealth.Unknown ? 0 : state.FailedInRow;
    }

    /// <summary>Saves what is tracked; a changed health is spread to the snapshots of all replicas.</summary>
    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        var spread = db.ChangeTracker.Entries<ProviderEvent>().Any();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        if (spread)
        {
            await ChangeFeed.RaiseAsync(db, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        if (spread)
        {
            feed.Signal();
        }
    }

    private async Task ForgetProbesAsync(IReadOnlyDictionary<string, ProbeShown> shown, CancellationToken cancellationToken)
    {
        foreach (var id in shown.Where(s => s.Value.Probe is not null).Select(s => s.Key))
        {
            var old = await db.ProviderProbes.Where(p => p.ProviderId == id).OrderByDescending(p => p.At).Skip(KeptProbes).Select(p => p.Id).ToListAsync(cancellationToken);
            if (old.Count > 0)
            {
                await db.ProviderProbes.Where(p => old.Contains(p.Id)).ExecuteDeleteAsync(cancellationToken);
            }
        }
    }

    // Nobody judges any more, so nothing may stay judged: a provider that is down would stay so for ever.
    private async Task SwitchOffAsync(CancellationToken cancellationToken)
    {
        var judged = await db.ProviderHealth.Where(h => h.Health != ProviderHealth.Unknown).ToListAsync(cancellationToken);
        foreach (var state in judged)
        {
            Become(state, new Verdict(ProviderHealth.Unknown, "switched_off"));
        }

        if (judged.Count > 0)
        {
            await SaveAsync(cancellationToken);
        }
    }

    [LoggerMessage(Message = "Provider {Provider} is {Health} now, was {Before}: {Reason}")]
    private partial void HealthChanged(LogLevel level, string provider, ProviderHealth health, ProviderHealth before, string? reason);
}
