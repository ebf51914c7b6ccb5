namespace AIHigress.Gateway.Features.Identity;

/// <summary>Users, sign-in, sessions, API keys.</summary>
internal static class IdentityFeature
{
    public static IHostApplicationBuilder AddIdentity(this IHostApplicationBuilder builder)
    {
        return builder;
    }

    public static IEndpointRouteBuilder MapIdentity(this IEndpointRouteBuilder routes)
    {
        return routes;
    }
}
