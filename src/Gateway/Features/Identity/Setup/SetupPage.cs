using Microsoft.AspNetCore.Http.HttpResults;

namespace AIHigress.Gateway.Features.Identity.Setup;

/// <summary>The page that a set-up link opens. Its script and style are files beside it, so nothing in it runs inline.</summary>
internal static class SetupPage
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/setup", Show).ExcludeFromDescription();

    private static FileStreamHttpResult Show(HttpResponse response, IWebHostEnvironment environment)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.XContentTypeOptions = "nosniff";
        var page = environment.WebRootFileProvider.GetFileInfo("setup/index.html");
        return TypedResults.Stream(page.CreateReadStream(), "text/html; charset=utf-8");
    }
}
