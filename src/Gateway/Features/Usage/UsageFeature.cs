namespace AIHigress.Gateway.Features.Usage;

/// <summary>Usage journal, its drain, request logs.</summary>
internal static class UsageFeature
{
    public static IHostApplicationBuilder AddUsage(this IHostApplicationBuilder builder)
    {
        return builder;
    }

    public static IEndpointRouteBuilder MapUsage(this IEndpointRouteBuilder routes)
    {
        return routes;
    }
}
