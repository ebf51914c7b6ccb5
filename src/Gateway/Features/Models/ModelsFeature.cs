namespace AIHigress.Gateway.Features.Models;

/// <summary>Logical models, the route table, decide.</summary>
internal static class ModelsFeature
{
    public static IHostApplicationBuilder AddModels(this IHostApplicationBuilder builder)
    {
        return builder;
    }

    public static IEndpointRouteBuilder MapModels(this IEndpointRouteBuilder routes)
    {
        return routes;
    }
}
