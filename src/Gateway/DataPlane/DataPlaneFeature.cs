namespace AIHigress.Gateway.DataPlane;

/// <summary>The AI endpoints.</summary>
internal static class DataPlaneFeature
{
    public static IHostApplicationBuilder AddDataPlane(this IHostApplicationBuilder builder)
    {
        return builder;
    }

    public static IEndpointRouteBuilder MapDataPlane(this IEndpointRouteBuilder routes)
    {
        return routes;
    }
}
