using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Keys;

/// <summary>The key pool of a provider. Secrets go in and never come out.</summary>
internal static class KeyEndpoints
{
    public static void Map(RouteGroupBuilder providers)
    {
        providers.MapGet("/{id}/keys", ListAsync).WithName("ListProviderKeys").WithSummary("List a provider's keys without their secrets")
            .RequireOwner(Permissions.ProvidersReadAll);
        providers.MapPost("/{id}/keys", CreateAsync).WithName("CreateProviderKey").WithSummary("Add a key")
            .ProducesProblem(StatusCodes.Status409Conflict).RequireOwner(Permissions.ProvidersManageAll);
        providers.MapPatch("/{id}/keys/{keyId:guid}", UpdateAsync).WithName("UpdateProviderKey").WithSummary("Change a key or replace its secret")
            .Accepts<EditProviderKey>("application/merge-patch+json", "application/json")
            .ProducesProblem(StatusCodes.Status409Conflict).RequireOwner(Permissions.ProvidersManageAll);
        providers.MapDelete("/{id}/keys/{keyId:guid}", DeleteAsync).WithName("DeleteProviderKey").WithSummary("Destroy a key")
            .RequireOwner(Permissions.ProvidersManageAll);
    }

    private static async Task<Ok<Page<ProviderKeyView>>> ListAsync(string id, CurrentUser user, GatewayDbContext db, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindAsync(db, id, user, cancellationToken);
        if (!ProviderAccess.SeesDetails(user, provider))
        {
            throw Problems.Forbidden(Permissions.ProvidersReadAll);
        }

        var keys = await db.ProviderKeys.AsNoTracking().Where(k => k.ProviderId == id).OrderBy(k => k.Id).ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<ProviderKeyView>([.. keys.Select(ProviderKeyView.Of)], null));
    }

    private static async Task<Created<ProviderKeyView>> CreateAsync(
        string id, NewProviderKey input, CurrentUser user, [FromServices] KeyPool pool, CancellationToken cancellationToken)
    {
        var view = await pool.AddAsync(id, input, user, cancellationToken);
        return TypedResults.Created($"/api/v1/providers/{id}/keys/{view.Id}", view);
    }

    private static async Task<Ok<ProviderKeyView>> UpdateAsync(
        string id, Guid keyId, [FromBody] JsonElement patch, CurrentUser user, [FromServices] KeyPool pool, CancellationToken cancellationToken) =>
        TypedResults.Ok(await pool.ChangeAsync(id, keyId, patch, user, cancellationToken));

    private static async Task<NoContent> DeleteAsync(string id, Guid keyId, CurrentUser user, [FromServices] KeyPool pool, CancellationToken cancellationToken)
    {
        await pool.RemoveAsync(id, keyId, user, cancellationToken);
        return TypedResults.NoContent();
    }
}
