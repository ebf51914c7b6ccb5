using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>How a provider is probed, with what it inherits filled in.</summary>
/// <param name="Enabled">Whether it is probed.</param>
/// <param name="IntervalSeconds">Between two probes.</param>
/// <param name="Model">Null = the cheapest chat model.</param>
/// <param name="Prompt">What is asked.</param>
/// <param name="AutoPause">Whether it is paused when it has been down for ten minutes.</param>
/// <param name="NextProbeAt">Null when it is not probed now.</param>
/// <param name="Version">The provider's.</param>
public sealed record ProbeView(bool Enabled, int IntervalSeconds, string? Model, string Prompt, bool AutoPause, DateTimeOffset? NextProbeAt, int Version);

/// <summary>Reads and changes how a provider is probed: its owner's and the operators' business.</summary>
internal sealed class ProbeChange(
    GatewayDbContext db, ChangeWriter changes, IOptions<JsonOptions> json, IOptionsMonitor<ProvidersOptions> options, TimeProvider time)
{
    public async Task<ProbeView> ReadAsync(string id, CurrentUser user, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindForOperationAsync(db, id, user, cancellationToken);
        return await ViewAsync(provider, cancellationToken);
    }

    public async Task<ProbeView> RunAsync(string id, JsonElement patch, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindForOperationAsync(db, id, user, cancellationToken);
        ManagedBy.DemandApi(provider.ManagedBy);
        EntityTag.Demand(request, provider.Version);
        var before = ProbeMapping.Of(provider);
        var input = MergePatch.Apply(before, patch, json.Value.SerializerOptions);
        var errors = new FieldErrors();
        ProviderRules.Probe(input, "", errors);
        errors.ThrowIfAny();
        ProbeMapping.Apply(input, provider);
        var after = ProbeMapping.Of(provider);
        if (after != before)
        {
            await SaveAsync(provider, new AuditDiff().Add("probe", before, after), user, cancellationToken);
        }

        return await ViewAsync(provider, cancellationToken);
    }

    private async Task SaveAsync(Provider provider, AuditDiff diff, CurrentUser user, CancellationToken cancellationToken)
    {
        provider.Version++;
        provider.UpdatedAt = time.GetUtcNow();
        try
        {
            await changes.SaveAsync(db, user.Actor, [new AuditEvent("provider.updated", $"provider:{provider.Id}", diff.Text)], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Problems.Conflict("conflict", "The provider was changed at the same moment; try again.");
        }

        // A new interval counts from now, and what was changed is tried soon.
        var now = time.GetUtcNow();
        await db.ProviderHealth.Where(h => h.ProviderId == provider.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(h => h.ProbeDueAt, now).SetProperty(h => h.Unprobeable, false), cancellationToken);
    }

    private async Task<ProbeView> ViewAsync(Provider provider, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        var due = await db.ProviderHealth.Where(h => h.ProviderId == provider.Id).Select(h => (DateTimeOffset?)h.ProbeDueAt).SingleOrDefaultAsync(cancellationToken);
        var probed = settings.HealthCheck && provider.ProbeEnabled
            && (provider.OperationStatus == OperationStatus.Active || (provider.OperationStatus == OperationStatus.Paused && provider.StatusBy == Provider.ByHealth));
        return new ProbeView(
            provider.ProbeEnabled,
            provider.ProbeIntervalSeconds ?? settings.ProbeIntervalSeconds,
            provider.ProbeModel,
            provider.ProbePrompt ?? settings.ProbePrompt,
            provider.ProbeAutoPause,
            probed ? due : null,
            provider.Version);
    }
}
