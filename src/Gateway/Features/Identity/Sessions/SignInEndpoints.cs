using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Identity.Me;
using AIHigress.Gateway.Features.Identity.Passwords;
using AIHigress.Gateway.Hosting.Errors;
using AIHigress.Gateway.Hosting.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.Sessions;

internal static class SignInEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/v1/auth").WithTags("Sign-in").ProducesProblem(StatusCodes.Status401Unauthorized);
        auth.MapGet("/options", Options).WithName("GetSignInOptions").WithSummary("What the sign-in page offers").AllowAnyone();
        auth.MapPost("/login", LoginAsync).WithName("Login").WithSummary("Sign in with a password")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests).AllowAnyone();
        auth.MapPost("/refresh", RefreshAsync).WithName("RefreshTokens").WithSummary("Exchange the refresh token for new tokens")
            .ProducesProblem(StatusCodes.Status403Forbidden).AllowAnyone();

        var signedIn = auth.MapGroup("").ProducesProblem(StatusCodes.Status403Forbidden).RequireUser();
        signedIn.MapPost("/logout", LogoutAsync).WithName("Logout").WithSummary("End this session: access token and refresh token");
        signedIn.MapPost("/logout-all", LogoutAllAsync).WithName("LogoutAll").WithSummary("End all your sessions");
        signedIn.MapPost("/step-up", StepUpAsync).WithName("StepUp").WithSummary("Give the password again, for actions that need a recent one")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        signedIn.MapGet("/sessions", ListSessionsAsync).WithName("ListSessions").WithSummary("List the devices you are signed in on");
        signedIn.MapDelete("/sessions", EndOtherSessionsAsync).WithName("EndOtherSessions").WithSummary("End all your sessions but this one (others=true)")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        auth.MapDelete("/sessions/{id:guid}", EndSessionAsync).WithName("EndSession").WithSummary("End one of your sessions")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).RequireOwner();
    }

    private static Ok<SignInChoices> Options(IOptionsMonitor<SignInOptions> options, PublicAddress address) =>
        TypedResults.Ok(new SignInChoices(
            new RegistrationChoices(Open: false, Mode: "closed"),
            External: [],
            EmailVerification: false,
            PasswordReset: false,
            new PasswordRuleView(options.CurrentValue.PasswordMinLength, PasswordRules.MaxLength),
            address.Base));

    private static async Task<Ok<TokenAnswer>> LoginAsync(
        LoginRequest request, Login login, RefreshCookie cookie, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(Answer(context, await login.RunAsync(request, context, cancellationToken), request.Delivery, cookie));

    private static async Task<Ok<TokenAnswer>> RefreshAsync(
        RefreshRequest? request, SessionRefresh refresh, RefreshCookie cookie, HttpContext context, CancellationToken cancellationToken)
    {
        var inBody = request?.RefreshToken is not null;
        var token = request?.RefreshToken ?? RefreshCookie.Read(context.Request);
        if (!inBody && token is not null)
        {
            cookie.DemandOwnOrigin(context.Request);
        }

        var signedIn = await refresh.RunAsync(token, ClientAddress.Of(context), cancellationToken);
        return TypedResults.Ok(Answer(context, signedIn, inBody ? TokenDelivery.Body : TokenDelivery.Cookie, cookie));
    }

    private static async Task<NoContent> LogoutAsync(
        CurrentUser caller, SessionEnd end, RefreshCookie cookie, HttpContext context, CancellationToken cancellationToken)
    {
        var session = caller.DemandSession();
        await end.RunAsync(s => s.Id == session && s.UserId == caller.Id, SessionEnd.SignedOut, caller.Actor, cancellationToken);
        cookie.Delete(context);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<EndedSessions>> LogoutAllAsync(
        CurrentUser caller, SessionEnd end, RefreshCookie cookie, HttpContext context, CancellationToken cancellationToken)
    {
        caller.DemandSession();
        var ended = await end.RunAsync(s => s.UserId == caller.Id, SessionEnd.SignedOut, caller.Actor, cancellationToken);
        cookie.Delete(context);
        return TypedResults.Ok(new EndedSessions(ended));
    }

    private static async Task<Ok<TokenAnswer>> StepUpAsync(
        StepUpRequest request, CurrentUser caller, StepUp stepUp, CancellationToken cancellationToken) =>
        TypedResults.Ok(View(await stepUp.RunAsync(caller, request.Password, cancellationToken), refreshToken: null));

    private static async Task<Ok<List<SessionView>>> ListSessionsAsync(
        CurrentUser caller, GatewayDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var current = caller.DemandSession();
        var now = time.GetUtcNow();
        return TypedResults.Ok(await db.Sessions.AsNoTracking()
            .Where(s => s.UserId == caller.Id && s.EndedAt == null && s.ExpiresAt > now)
            .OrderByDescending(s => s.LastUsedAt).ThenByDescending(s => s.Id)
            .Select(s => new SessionView
            {
                Id = s.Id,
                DeviceName = s.DeviceName,
                UserAgent = s.UserAgent,
                Ip = s.Ip,
                CreatedAt = s.CreatedAt,
                LastUsedAt = s.LastUsedAt,
                ExpiresAt = s.ExpiresAt,
                IsCurrent = s.Id == current,
            })
            .ToListAsync(cancellationToken));
    }

    private static async Task<NoContent> EndSessionAsync(Guid id, CurrentUser caller, SessionEnd end, CancellationToken cancellationToken)
    {
        caller.DemandSession();
        var ended = await end.RunAsync(s => s.Id == id && s.UserId == caller.Id, SessionEnd.Revoked, caller.Actor, cancellationToken);
        return ended == 1 ? TypedResults.NoContent() : throw Problems.NotFound();
    }

    private static async Task<Ok<EndedSessions>> EndOtherSessionsAsync(
        CurrentUser caller, SessionEnd end, bool? others, CancellationToken cancellationToken)
    {
        var current = caller.DemandSession();
        if (others != true)
        {
            throw Problems.Field("others", "required", "must be true: this ends all your sessions but the one that asks");
        }

        var ended = await end.RunAsync(s => s.UserId == caller.Id && s.Id != current, SessionEnd.Revoked, caller.Actor, cancellationToken);
        return TypedResults.Ok(new EndedSessions(ended));
    }

    /// <summary>The answer to a sign-in, with the refresh token where it was asked for.</summary>
    public static TokenAnswer Answer(HttpContext context, SignedIn signedIn, TokenDelivery delivery, RefreshCookie cookie)
    {
        if (delivery == TokenDelivery.Body)
        {
            return View(signedIn, signedIn.RefreshToken);
        }

        cookie.Write(context, signedIn.RefreshToken, signedIn.Session.ExpiresAt);
        return View(signedIn, refreshToken: null);
    }

    public static TokenAnswer View(SignedIn signedIn, string? refreshToken) =>
        new(signedIn.Access.Token, "Bearer", signedIn.Access.ExpiresIn, ProfileView.From(signedIn.User, signedIn.Access.Permissions), refreshToken);
}
