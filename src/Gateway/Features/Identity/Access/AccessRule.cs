namespace AIHigress.Gateway.Features.Identity.Access;

/// <summary>Who may call a route. Every management route carries exactly one; a test fails for a route without.</summary>
/// <param name="Kind">Nobody need be signed in, any user, the owner (checked in the handler), or a permission.</param>
/// <param name="Permission">The permission code for <see cref="AccessKind.Permission"/>, or the one that stands in for ownership.</param>
public sealed record AccessRule(AccessKind Kind, string? Permission = null);

/// <summary>The route is for a person who is signed in: a management key is refused.</summary>
/// <param name="Recently">The password or second factor must have been given a short while ago (marked † in the design).</param>
public sealed record PersonRule(bool Recently);

public enum AccessKind
{
    Anyone,
    SignedIn,
    Owner,
    Permission,
}

internal static class AccessRuleExtensions
{
    /// <summary>Nobody need be signed in.</summary>
    public static TBuilder AllowAnyone<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(AccessKind.Anyone));

    /// <summary>Any signed-in user; lists are filtered to what the user may see.</summary>
    public static TBuilder RequireUser<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(AccessKind.SignedIn));

    /// <summary>The object's owner, or who has <paramref name="permission"/>; the handler answers 404 to everybody else.</summary>
    public static TBuilder RequireOwner<TBuilder>(this TBuilder builder, string? permission = null)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(AccessKind.Owner, permission));

    /// <summary>Who has the permission; checked before the handler runs.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(AccessKind.Permission, permission));

    /// <summary>A management key can't do this.</summary>
    public static TBuilder RequirePerson<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new PersonRule(Recently: false));

    /// <summary>A management key can't do this, and who is signed in must have shown so again a short while ago.</summary>
    public static TBuilder RequireStepUp<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new PersonRule(Recently: true));
}
