using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Catalogue;

/// <summary>The models of one provider.</summary>
internal static class ModelEndpoints
{
    private static readonly SortKeys<ProviderModel> Sorts = SortKeys.For<ProviderModel, Guid>(m => m.Id, "model")
        .Add("model", m => m.Model).Add("last_seen_at", m => m.LastSeenAt);

    public static void Map(RouteGroupBuilder providers)
    {
        providers.MapGet("/{id}/models", ListAsync).WithName("ListProviderModels").WithSummary("List a provider's models").RequireUser();
        providers.MapPatch("/{id}/models/{**model}", UpdateAsync).WithName("UpdateProviderModel")
            .WithSummary("Give a model an alias, limits or capabilities, or switch it off")
            .Accepts<EditProviderModel>("application/merge-patch+json", "application/json")
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired).RequireOwner(Permissions.ProvidersManageAll);
        providers.MapDelete("/{id}/models/{**model}", DeleteAsync).WithName("DeleteProviderModel").WithSummary("Remove a model that was declared by hand")
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired).RequireOwner(Permissions.ProvidersManageAll);
    }

    private static async Task<Ok<Page<ProviderModelView>>> ListAsync(
        string id, [AsParameters] PageQuery page, [AsParameters] ModelFilter filter, CurrentUser user, GatewayDbContext db, [FromServices] Pager pager, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindAsync(db, id, user, cancellationToken);
        var models = db.ProviderModels.Where(m => m.ProviderId == provider.Id).WhereContains(page.Q, m => m.Model, m => m.Alias);
        models = filter.Status switch
        {
            null => models,
            "active" => models.Where(m => !m.Disabled && m.Misses < 2),
            "disabled" => models.Where(m => m.Disabled),
            "missing" => models.Where(m => m.MissingSince != null),
            _ => throw Problems.Field("status", "not_allowed", "must be active, disabled or missing"),
        };
        var answer = await pager.ReadAsync(models, Sorts, page, ["provider_models", id, filter.Status], ProviderModelView.Of, cancellationToken);
        return TypedResults.Ok(answer);
    }

    private static async Task<Ok<ProviderModelView>> UpdateAsync(
        string id, string model, [FromBody] JsonElement patch, CurrentUser user, HttpContext context, [FromServices] ModelChange change, CancellationToken cancellationToken)
    {
        var view = await change.RunAsync(id, PathId.Decode(model), patch, user, context.Request, cancellationToken);
        EntityTag.Send(context.Response, view.Version);
        return TypedResults.Ok(view);
    }

    private static async Task<NoContent> DeleteAsync(
        string id, string model, CurrentUser user, HttpContext context, [FromServices] ModelChange change, CancellationToken cancellationToken)
    {
        await change.RemoveAsync(id, PathId.Decode(model), user, context.Request, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>The filters of the list.</summary>
    internal sealed record ModelFilter([property: FromQuery(Name = "status")] string? Status);
}
