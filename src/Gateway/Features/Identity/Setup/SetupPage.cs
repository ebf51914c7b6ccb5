using Microsoft.AspNetCore.Http.HttpResults;

namespace AIHigress.Gateway.Features.Identity.Setup;

/// <summary>The page that a set-up link opens. Its script and style are files beside it, so nothing in it runs inline.</summary>
internal static class SetupPage
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/setup", Show).ExcludeFromDescription();

    private static FileStreamHttpResult Show(HttpResponse response, IWebHostEnvironment environment)
    {
        response.Headers.CacheControl = "no-store";
        var page = environment.WebRootFileProvider.GetFileInfo("setup/index.html");
        return TypedResults.Stream(page.CreateReadStream(), "text/html; charset=utf-8");
    }
}
