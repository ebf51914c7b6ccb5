using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIHigress.Gateway.Features.Identity.ApiKeys;

internal static class ApiKeyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/v1/api-keys").WithTags("API keys")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        keys.MapGet("", ListAsync).WithName("ListApiKeys").WithSummary("List your API keys, or all with keys.read_all").RequireUser();
        keys.MapPost("/{id:guid}/reset-budget", ResetBudgetAsync).WithName("ResetApiKeyBudget").WithSummary("Begin the period of an API key's budget anew")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).RequirePermission(Permissions.CreditsManage);
        keys.MapPost("", CreateAsync).WithName("CreateApiKey").WithSummary("Create an API key; its token is shown once")
            .ProducesProblem(StatusCodes.Status409Conflict).RequirePermission(Permissions.KeysOwn);

        var one = keys.MapGroup("/{id:guid}").ProducesProblem(StatusCodes.Status404NotFound).RequireOwner(Permissions.KeysManageAll);
        one.MapGet("", GetAsync).WithName("GetApiKey").WithSummary("Show an API key");
        one.MapPatch("", UpdateAsync).WithName("UpdateApiKey").WithSummary("Change an API key's name, end or lists (merge patch)")
            .ProducesProblem(StatusCodes.Status409Conflict);
        one.MapDelete("", DeleteAsync).WithName("DeleteApiKey").WithSummary("Delete an API key for good").ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/disable", DisableAsync).WithName("DisableApiKey").WithSummary("Stop an API key until it is enabled again")
            .ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/enable", EnableAsync).WithName("EnableApiKey").WithSummary("Let a disabled or expired API key work again")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Ok<Page<ApiKeyView>>> ListAsync(
        [AsParameters] ApiKeyFilter filter, [AsParameters] PageQuery page, CurrentUser caller, ApiKeyList list, CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.ReadAsync(filter, page, caller, cancellationToken));

    private static async Task<Created<CreatedApiKey>> CreateAsync(
        CreateApiKey input, CurrentUser caller, ApiKeyCreation creation, CancellationToken cancellationToken)
    {
        var created = await creation.RunAsync(input, caller, cancellationToken);
        return TypedResults.Created($"/api/v1/api-keys/{created.Id}", created);
    }

    private static async Task<Ok<ApiKeyView>> GetAsync(Guid id, CurrentUser caller, ApiKeyChange keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(await keys.GetAsync(id, caller, cancellationToken));

    private static async Task<Ok<ApiKeyView>> UpdateAsync(
        Guid id, PatchOf<UpdateApiKey> patch, CurrentUser caller, ApiKeyChange keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(await keys.UpdateAsync(id, patch, caller, cancellationToken));

    private static async Task<Ok<ApiKeyView>> ResetBudgetAsync(Guid id, CurrentUser caller, ApiKeyChange keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(await keys.ResetBudgetAsync(id, caller, cancellationToken));

    private static async Task<NoContent> DeleteAsync(Guid id, CurrentUser caller, ApiKeyChange keys, CancellationToken cancellationToken)
    {
        await keys.DeleteAsync(id, caller, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ApiKeyView>> DisableAsync(Guid id, CurrentUser caller, ApiKeyChange keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(await keys.DisableAsync(id, caller, cancellationToken));

    private static async Task<Ok<ApiKeyView>> EnableAsync(
        Guid id, EnableApiKey? input, CurrentUser caller, ApiKeyChange keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(await keys.EnableAsync(id, input, caller, cancellationToken));
}
