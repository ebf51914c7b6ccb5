using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Identity.Sessions;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIHigress.Gateway.Features.Identity.Setup;

public sealed record SetupRequest
{
    /// <summary>From the set-up link.</summary>
    public required string Token { get; init; }
    public required string Email { get; init; }
    public required string Password { get; init; }
    public string? DisplayName { get; init; }
}

public sealed record SetupState(bool Required);

internal static class SetupEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var setup = routes.MapGroup("/api/v1/setup").WithTags("Set-up").ProducesProblem(StatusCodes.Status404NotFound).AllowAnyone();
        setup.MapGet("", GetAsync).WithName("GetSetup").WithSummary("Tell whether the first administrator is yet to be created; 404 afterwards");
        setup.MapPost("", CreateAsync).WithName("CreateFirstAdministrator").WithSummary("Create the first administrator with the token of the set-up link")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status429TooManyRequests);
        SetupPage.Map(routes);
    }

    private static async Task<Ok<SetupState>> GetAsync(FirstUsers users, CancellationToken cancellationToken) =>
        await users.ExistAsync(cancellationToken) ? throw Problems.NotFound() : TypedResults.Ok(new SetupState(Required: true));

    private static async Task<Created<TokenAnswer>> CreateAsync(
        SetupRequest request, FirstAdministrator first, RefreshCookie cookie, HttpContext context, CancellationToken cancellationToken)
    {
        var signedIn = await first.CreateAsync(request, context, cancellationToken);
        return TypedResults.Created("/api/v1/me", SignInEndpoints.Answer(context, signedIn, TokenDelivery.Cookie, cookie));
    }
}
