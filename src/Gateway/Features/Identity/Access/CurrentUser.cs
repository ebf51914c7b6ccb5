using System.Collections.Frozen;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Hosting.Errors;

namespace AIHigress.Gateway.Features.Identity.Access;

/// <summary>
/// The signed-in user of a management request, from the access token or a management key and the identity snapshot.
/// Handlers take it as a parameter.
/// </summary>
public sealed record CurrentUser
{
    public required Guid Id { get; init; }
    public required string Username { get; init; }

    /// <summary>Never true for a management key: a key can do what it lists, and no more.</summary>
    public bool IsSuperuser { get; init; }
    public required FrozenSet<string> Permissions { get; init; }

    /// <summary>The session of an access token; null for a management key.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>When the password was last given in this session; null for a management key.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>The management key that makes the request; null for a person on the console.</summary>
    public ApiCaller? Key { get; init; }
    public string? Ip { get; init; }
    public string? TraceId { get; init; }

    public Actor Actor => new(Id, Key is null ? Username : $"{Username} (key {Key.KeyName})", Ip, TraceId);

    public bool Has(string permission) => IsSuperuser || Permissions.Contains(permission);

    /// <exception cref="ProblemException">403 forbidden when the user lacks it.</exception>
    public void Demand(string permission)
    {
        if (!Has(permission))
        {
            throw Problems.Forbidden(permission);
        }
    }

    /// <summary>For what only a person may do: sessions, passwords, management keys.</summary>
    /// <returns>The session of the request.</returns>
    /// <exception cref="ProblemException">403 forbidden for a management key.</exception>
    public Guid DemandSession() => SessionId ?? throw new ProblemException(
        StatusCodes.Status403Forbidden, "forbidden", "An API key can't do this; sign in on the console.");

    /// <summary>For what needs a password given not long ago.</summary>
    /// <exception cref="ProblemException">403 forbidden for a key, 403 step_up_required when the password was given too long ago.</exception>
    public void DemandStepUp(DateTimeOffset now, int minutes)
    {
        DemandSession();
        if (AuthenticatedAt is not { } at || now - at > TimeSpan.FromMinutes(minutes))
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, "step_up_required",
                "Give your password again (POST /api/v1/auth/step-up) and repeat this with the access token you get.");
        }
    }

    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<CurrentUser?>(context.Features.Get<CurrentUser>() ?? throw Problems.Unauthenticated());
}
