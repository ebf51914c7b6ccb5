using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Identity.Sessions;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity.Me;

public sealed record ChangePassword
{
    public required string CurrentPassword { get; init; }
    public required string NewPassword { get; init; }
}

internal static class MeEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/api/v1/me").WithTags("Me").ProducesProblem(StatusCodes.Status401Unauthorized).RequireUser();
        me.MapGet("", GetAsync).WithName("GetMe").WithSummary("Show yourself and what you may do");
        me.MapPatch("", UpdateAsync).WithName("UpdateMe").WithSummary("Change your name, language or time zone (merge patch)")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        me.MapPost("/password", ChangePasswordAsync).WithName("ChangePassword")
            .WithSummary("Change your password; all your other sessions end, and this one gets a new access token")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
    }

    private static async Task<Ok<ProfileView>> GetAsync(CurrentUser caller, GatewayDbContext db, CancellationToken cancellationToken)
    {
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == caller.Id && u.DeletedAt == null, cancellationToken);
        return TypedResults.Ok(ProfileView.From(user ?? throw Problems.Unauthenticated(), caller));
    }

    private static async Task<Ok<ProfileView>> UpdateAsync(
        PatchOf<UpdateProfile> patch, CurrentUser caller, ProfileChange profile, CancellationToken cancellationToken) =>
        TypedResults.Ok(ProfileView.From(await profile.RunAsync(patch, caller, cancellationToken), caller));

    private static async Task<Ok<TokenAnswer>> ChangePasswordAsync(
        ChangePassword input, CurrentUser caller, PasswordChange change, CancellationToken cancellationToken) =>
        TypedResults.Ok(SignInEndpoints.View(await change.RunAsync(input, caller, cancellationToken), refreshToken: null));
}
