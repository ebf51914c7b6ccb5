using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>Changes the rules of the pool.</summary>
internal sealed class ProxyConfigChange(GatewayDbContext db, ChangeWriter changes, IOptionsMonitor<ProvidersOptions> options, TimeProvider time)
{
    public async Task<ProxyConfigView> RunAsync(PatchOf<EditProxyConfig> patch, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var stored = await db.ProxyConfigs.SingleOrDefaultAsync(cancellationToken);
        var config = stored ?? new ProxyPoolConfig();
        EntityTag.Demand(request, config.Version);
        var before = Document(config);
        var input = patch.ApplyTo(before);
        var errors = new FieldErrors();
        ProxyRules.Config(input, options.CurrentValue, errors);
        errors.ThrowIfAny();
        Apply(input, config);
        var diff = Diff(before, Document(config));
        if (!diff.IsEmpty)
        {
            await SaveAsync(config, stored is null, diff, user, cancellationToken);
            if (before.CheckUrl != input.CheckUrl || before.CheckMethod != input.CheckMethod)
            {
                // What was learned by another address says nothing about this one.
                var now = time.GetUtcNow();
                await db.Proxies.ExecuteUpdateAsync(set => set.SetProperty(p => p.CheckDueAt, now), cancellationToken);
            }
        }

        return ProxyConfigView.Of(config);
    }

    private static EditProxyConfig Document(ProxyPoolConfig config) => new()
    {
        Enabled = config.Enabled,
        Strategy = config.Strategy,
        CheckUrl = config.CheckUrl,
        CheckMethod = config.CheckMethod,
        TimeoutMs = config.TimeoutMs,
        IntervalSeconds = config.IntervalSeconds,
        FailureCooldownSeconds = config.FailureCooldownSeconds,
    };

    private static void Apply(EditProxyConfig input, ProxyPoolConfig config)
    {
        var initial = new ProxyPoolConfig();
        config.Enabled = input.Enabled ?? initial.Enabled;
        config.Strategy = input.Strategy ?? initial.Strategy;
        config.CheckUrl = input.CheckUrl;
        config.CheckMethod = input.CheckMethod ?? initial.CheckMethod;
        config.TimeoutMs = input.TimeoutMs ?? initial.TimeoutMs;
        config.IntervalSeconds = input.IntervalSeconds ?? initial.IntervalSeconds;
        config.FailureCooldownSeconds = input.FailureCooldownSeconds ?? initial.FailureCooldownSeconds;
    }

    private static AuditDiff Diff(EditProxyConfig before, EditProxyConfig after) => new AuditDiff()
        .Add("enabled", before.Enabled, after.Enabled)
        .Add("strategy", before.Strategy, after.Strategy)
        .Add("check_url", before.CheckUrl, after.CheckUrl)
        .Add("check_method", before.CheckMethod, after.CheckMethod)
        .Add("timeout_ms", before.TimeoutMs, after.TimeoutMs)
        .Add("interval_seconds", before.IntervalSeconds, after.IntervalSeconds)
        .Add("failure_cooldown_seconds", before.FailureCooldownSeconds, after.FailureCooldownSeconds);

    private async Task SaveAsync(ProxyPoolConfig config, bool isFirst, AuditDiff diff, CurrentUser user, CancellationToken cancellationToken)
    {
        config.Version++;
        config.UpdatedAt = time.GetUtcNow();
        if (isFirst)
        {
            db.ProxyConfigs.Add(config);
        }

        try
        {
            await changes.SaveAsync(db, user.Actor, [new AuditEvent("proxy_config.updated", "proxy_config", diff.Text)], cancellationToken);
        }
        catch (Exception e) when (e is DbUpdateConcurrencyException || (e is DbUpdateException update && update.IsUniqueViolation()))
        {
            throw Problems.StaleVersion((await ProxyPoolConfig.ReadAsync(db.ProxyConfigs, cancellationToken)).Version);
        }
    }
}
