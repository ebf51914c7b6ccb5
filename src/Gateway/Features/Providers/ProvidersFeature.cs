namespace AIHigress.Gateway.Features.Providers;

/// <summary>Providers, their keys, discovery and tests.</summary>
internal static class ProvidersFeature
{
    public static IHostApplicationBuilder AddProviders(this IHostApplicationBuilder builder)
    {
        return builder;
    }

    public static IEndpointRouteBuilder MapProviders(this IEndpointRouteBuilder routes)
    {
        return routes;
    }
}
