namespace AIHigress.Gateway.Features.Administration;

/// <summary>Settings, configuration as code.</summary>
internal static class AdministrationFeature
{
    public static IHostApplicationBuilder AddAdministration(this IHostApplicationBuilder builder)
    {
        return builder;
    }

    public static IEndpointRouteBuilder MapAdministration(this IEndpointRouteBuilder routes)
    {
        return routes;
    }
}
