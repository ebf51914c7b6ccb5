using System.ComponentModel;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Catalogue;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>What to test a provider with.</summary>
public sealed record TestProvider
{
    [Description("The model to chat with; the provider's first when left out.")]
    public string? Model { get; init; }

    [Description("The key to use, whatever its status; the first active one when left out.")]
    public Guid? KeyId { get; init; }
}

/// <summary>How each step of a test went.</summary>
public sealed record ProviderTestView(bool Ok, IReadOnlyList<ProviderTestStep> Steps);

/// <summary>Asking a provider now: whether it works, and what models it has. Neither changes its status.</summary>
internal static class ProviderChecks
{
    public static async Task<Ok<ProviderTestView>> TestAsync(
        string id, TestProvider? input, CurrentUser user, GatewayDbContext db, [FromServices] ProviderRouteFactory routes, [FromServices] IProviderClient client, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindForOperationAsync(db, id, user, cancellationToken);
        var keys = await db.ProviderKeys.AsNoTracking().Where(k => k.ProviderId == id).OrderBy(k => k.Id).ToListAsync(cancellationToken);
        var route = routes.Create(provider, keys);
        var key = route.Keys.Count > 0 ? route.Keys[0] : null;
        if (input?.KeyId is { } wanted)
        {
            var row = keys.Find(k => k.Id == wanted) ?? throw Problems.Field("key_id", "unknown", "is no key of this provider");
            key = routes.Create(row);
        }

        var model = input?.Model ?? await db.ProviderModels.Where(m => m.ProviderId == id && !m.Disabled && m.Misses < 2)
            .OrderBy(m => m.Model).Select(m => m.Model).FirstOrDefaultAsync(cancellationToken);
        var steps = await client.TestAsync(route, key, model, cancellationToken);
        return TypedResults.Ok(new ProviderTestView(steps.All(s => s.Ok), steps));
    }

    public static async Task<Ok<DiscoveryCounts>> DiscoverAsync(
        string id, CurrentUser user, GatewayDbContext db, [FromServices] ModelDiscoverer discoverer, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindForOperationAsync(db, id, user, cancellationToken);
        if (provider.Discovery == ModelDiscovery.Off)
        {
            throw Problems.Conflict("conflict", "This provider's models are declared by hand (discovery=off).");
        }

        db.ChangeTracker.Clear();
        try
        {
            return TypedResults.Ok(await discoverer.RunAsync(id, user.Actor, cancellationToken));
        }
        catch (ProviderCallException e)
        {
            throw new ProblemException(StatusCodes.Status502BadGateway, "upstream_check_failed", $"The provider did not tell its models: {e.Message}")
            {
                Params = new Dictionary<string, object?> { ["status"] = e.Status, ["message"] = e.Message },
            };
        }
        catch (DbUpdateException)
        {
            throw Problems.Conflict("conflict", "The provider's models were changed at the same moment; try again.");
        }
    }
}
