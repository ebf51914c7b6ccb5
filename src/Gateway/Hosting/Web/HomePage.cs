using Microsoft.Net.Http.Headers;

namespace AIHigress.Gateway.Hosting.Web;

/// <summary>The page at / in the visitor's language: it says that the server runs and where to go on.</summary>
internal static class HomePage
{
    private const string FileName = "home.html";

    public static void MapHomePage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/", ServeAsync).ExcludeFromDescription();

    private static async Task<IResult> ServeAsync(HttpRequest request, IWebHostEnvironment environment, CancellationToken cancellationToken)
    {
        await using var stream = environment.WebRootFileProvider.GetFileInfo(FileName).CreateReadStream();
        using var reader = new StreamReader(stream);
        var html = await reader.ReadToEndAsync(cancellationToken);
        request.HttpContext.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        return TypedResults.Text(html.Replace("lang=\"en\"", $"lang=\"{Language(request)}\"", StringComparison.Ordinal), "text/html; charset=utf-8");
    }

    /// <summary>zh-CN when the browser ranks a Chinese above English, else en.</summary>
    private static string Language(HttpRequest request)
    {
        foreach (var language in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1))
        {
            if (language.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
            {
                return "zh-CN";
            }

            if (language.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            {
                return "en";
            }
        }

        return "en";
    }
}
