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
    public bool IsSuperuser { get; init; }
    public required FrozenSet<string> Permissions { get; init; }

    /// <summary>The session of an access token; null for a management key.</summary>
    public Guid? SessionId { get; init; }
    public string? Ip { get; init; }
    public string? TraceId { get; init; }

    public Actor Actor => new(Id, Username, Ip, TraceId);

    public bool Has(string permission) => IsSuperuser || Permissions.Contains(permission);

    /// <exception cref="ProblemException">403 forbidden when the user lacks it.</exception>
    public void Demand(string permission)
    {
        if (!Has(permission))
        {
            throw Problems.Forbidden(permission);
        }
    }

    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<CurrentUser?>(context.Features.Get<CurrentUser>() ?? throw Problems.Unauthenticated());
}
