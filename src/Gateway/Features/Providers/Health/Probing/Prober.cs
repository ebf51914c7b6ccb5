using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Health.Probing;

/// <summary>Probes one provider: chooses the model, asks, and says what it shows.</summary>
internal sealed class Prober(
    IServiceScopeFactory scopes, ProviderRouteFactory routes, IProviderProbe chat, HealthMetrics metrics, IOptionsMonitor<ProvidersOptions> options, TimeProvider time)
{
    private const int MostModels = 3;
    private const int LongestError = 500;

    /// <summary>Null when there is nothing to chat with.</summary>
    /// <param name="providerId">Whom to probe.</param>
    /// <param name="isServing">Clients get answers: then a probe whose request is refused blames the choice of model.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    public async Task<ProviderProbe?> RunAsync(string providerId, bool isServing, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        var provider = await db.Providers.AsNoTracking().SingleAsync(p => p.Id == providerId, cancellationToken);
        var keys = await db.ProviderKeys.AsNoTracking().Where(k => k.ProviderId == providerId).OrderBy(k => k.Id).ToListAsync(cancellationToken);
        var models = provider.ProbeModel is { } named
            ? [named]
            : await ModelsAsync(scope.ServiceProvider, db, providerId, cancellationToken);
        if (models.Count == 0)
        {
            return null;
        }

        var probe = await AskAsync(provider, routes.Create(provider, keys), models, isServing, cancellationToken);
        metrics.Probed(providerId, probe.Outcome);
        return probe;
    }

    private static async Task<IReadOnlyList<string>> ModelsAsync(IServiceProvider services, GatewayDbContext db, string providerId, CancellationToken cancellationToken)
    {
        var models = await db.ProviderModels.AsNoTracking().Where(m => m.ProviderId == providerId && !m.Disabled && m.Misses < 2).ToListAsync(cancellationToken);
        if (models.Count == 0)
        {
            // Not every provider lists what it serves.
            return await services.GetRequiredService<IProviderUsers>().ModelsOfAsync(providerId, cancellationToken);
        }

        var last = await db.ProviderProbes.Where(p => p.ProviderId == providerId && p.Outcome == ProbeOutcome.Ok)
            .OrderByDescending(p => p.At).Select(p => p.Model).FirstOrDefaultAsync(cancellationToken);
        return ProbeModels.Order(models, last);
    }

    private async Task<ProviderProbe> AskAsync(Provider provider, ProviderRoute route, IReadOnlyList<string> models, bool isServing, CancellationToken cancellationToken)
    {
        var prompt = provider.ProbePrompt ?? options.CurrentValue.ProbePrompt;
        ProviderProbe? probe = null;
        foreach (var model in models.Take(MostModels))
        {
            var answer = await chat.AskAsync(route, model, prompt, cancellationToken);
            probe = new ProviderProbe
            {
                ProviderId = provider.Id,
                At = time.GetUtcNow(),
                Outcome = OutcomeOf(answer.End, isServing),
                Model = model,
                Ms = answer.Ms,
                Status = answer.Status,
                Error = answer.Error is { Length: > LongestError } text ? text[..LongestError] : answer.Error,
                InputTokens = answer.InputTokens,
                OutputTokens = answer.OutputTokens,
            };
            if (answer.End != ProbeEnd.Refused)
            {
                break;
            }

            // Maybe it is only this model that it does not have.
        }

        return probe!;
    }

    private static ProbeOutcome OutcomeOf(ProbeEnd end, bool isServing) => end switch
    {
        ProbeEnd.Answered => ProbeOutcome.Ok,
        ProbeEnd.Busy => ProbeOutcome.Inconclusive,
        ProbeEnd.Refused when isServing => ProbeOutcome.Inconclusive,
        _ => ProbeOutcome.Failed,
    };
}
