using System.Collections.Frozen;
using System.Diagnostics;
using AIHigress.Gateway.Features.Identity.Sessions;
using AIHigress.Gateway.Features.Identity.Tokens;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AIHigress.Gateway.Features.Identity.Access;

/// <summary>
/// The one gate of the management API: finds out who calls and holds the route's <see cref="AccessRule"/> against it,
/// before the handler or even the body is looked at. A route without exactly one rule is closed.
/// </summary>
internal sealed class AccessMiddleware(
    RequestDelegate next,
    AccessTokens tokens,
    ApiKeySnapshots keys,
    IdentityStates states,
    FailedSignIns failures,
    IOptionsMonitor<SignInOptions> options,
    TimeProvider time)
{
    public static readonly PathString Root = "/api/v1";

    private const string Scheme = "Bearer ";
    private const string WrongScope = "wrong_key_scope";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return next(context);
        }

        var rules = endpoint.Metadata.GetOrderedMetadata<AccessRule>();
        if (rules.Count == 0 && !context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }

        // The handler of errors clears the headers that are set before it; this is asked when the answer leaves.
        context.Response.OnStarting(AddChallenge, context);
        if (rules.Count != 1)
        {
            throw new InvalidOperationException($"The route '{endpoint.DisplayName}' has {rules.Count} access rules and must have one; nobody gets in.");
        }

        var rule = rules[0];
        var check = Identify(context);
        if (check.User is not null)
        {
            context.Features.Set(check.User);
        }

        if (rule.Kind == AccessKind.Anyone)
        {
            return next(context);
        }

        if (check.User is not { } user)
        {
            throw Refusal(check.Code ?? AccessTokens.Unauthenticated);
        }

        if (rule is { Kind: AccessKind.Permission, Permission: { } permission } && !user.Has(permission))
        {
            failures.Count("access.refused", user.Ip);
            throw Problems.Forbidden(permission);
        }

        switch (endpoint.Metadata.GetMetadata<PersonRule>())
        {
            case { Recently: true }:
                user.DemandStepUp(time.GetUtcNow(), options.CurrentValue.StepUpMinutes);
                break;
            case not null:
                user.DemandSession();
                break;
        }

        return next(context);
    }

    private TokenCheck Identify(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        var token = value.AsSpan(Scheme.Length).Trim();
        if (keys.Current.Find(token) is { } caller)
        {
            return FromKey(context, caller);
        }

        var check = tokens.Check(token.ToString());
        return check.User is null ? check : check with { User = Complete(context, check.User) };
    }

    private TokenCheck FromKey(HttpContext context, ApiCaller caller)
    {
        var now = time.GetUtcNow();
        var usable = !caller.KeyDisabled && !caller.OwnerDisabled && (caller.ExpiresAt is not { } expires || expires > now);
        if (!usable || caller.UserId is not { } id || !states.Current.Users.TryGetValue(id, out var owner) || !owner.IsActive)
        {
            return new TokenCheck(null, AccessTokens.Unauthenticated);
        }

        if (!caller.Scopes.Contains(ApiKey.ManagementScope))
        {
            return new TokenCheck(null, WrongScope);
        }

        return new TokenCheck(
            Complete(context, new CurrentUser
            {
                Id = owner.Id,
                Username = owner.Username,
                Permissions = owner.PermissionsAt(now).Intersect(caller.Permissions).ToFrozenSet(StringComparer.Ordinal),
                Key = caller,
            }),
            null);
    }

    private static CurrentUser Complete(HttpContext context, CurrentUser user) => user with
    {
        Ip = ClientAddress.Of(context),
        TraceId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier,
    };

    private static ProblemException Refusal(string code) => code switch
    {
        AccessTokens.Expired => new(StatusCodes.Status401Unauthorized, code, "The access token has expired; get a new one with POST /api/v1/auth/refresh."),
        AccessTokens.SessionEnded => new(StatusCodes.Status401Unauthorized, code, "The session is over; sign in again."),
        WrongScope => new(StatusCodes.Status403Forbidden, code, "This API key is for the AI endpoints; the management API needs a key with the scope 'management'."),
        _ => Problems.Unauthenticated(),
    };

    private static Task AddChallenge(object state)
    {
        var context = (HttpContext)state;
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            var tokenGiven = context.Request.Headers.ContainsKey(HeaderNames.Authorization);
            context.Response.Headers.WWWAuthenticate = tokenGiven
                ? """Bearer realm="aihigress", error="invalid_token" """.TrimEnd()
                : """Bearer realm="aihigress" """.TrimEnd();
        }

        return Task.CompletedTask;
    }
}
