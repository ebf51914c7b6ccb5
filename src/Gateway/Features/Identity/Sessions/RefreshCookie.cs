using AIHigress.Gateway.Hosting;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>The refresh token as a cookie that scripts can't read, other sites can't send and other paths don't get.</summary>
internal sealed class RefreshCookie(IOptionsMonitor<WebOptions> web, IOptionsMonitor<ServerOptions> server, TimeProvider time)
{
    public const string Name = "aih_refresh";
    private const string Path = "/api/v1/auth";

    public static string? Read(HttpRequest request) => request.Cookies[Name];

    public void Write(HttpContext context, string token, DateTimeOffset expiresAt) =>
        context.Response.Cookies.Append(Name, token, Options(context, expiresAt - time.GetUtcNow()));

    public void Delete(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context, null));

    /// <summary>
    /// The cookie alone proves nothing about who asks: the browser must also say that the request comes from our own
    /// pages, by Sec-Fetch-Site or, where it sends none (plain HTTP), by an Origin that is ours or allowed.
    /// </summary>
    /// <exception cref="ProblemException">403 forbidden.</exception>
    public void DemandOwnOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var own = site.Length > 0
            ? site == "same-origin" || IsAllowed(origin)
            : IsHostOf(origin, request) || IsAllowed(origin);
        if (!own)
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, "forbidden",
                "The refresh cookie is accepted only from this server's own pages; send the refresh token in the body instead.");
        }
    }

    private bool IsAllowed(string origin) =>
        origin.Length > 0 && web.CurrentValue.CorsAllowOrigins
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Any(allowed => string.Equals(allowed.TrimEnd('/'), origin, StringComparison.OrdinalIgnoreCase));

    private bool IsHostOf(string origin, HttpRequest request)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Scheme is not ("http" or "https"))
        {
            return false;
        }

        return string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
            || (Uri.TryCreate(server.CurrentValue.ApiBaseUrl, UriKind.Absolute, out var own)
                && string.Equals(from.Authority, own.Authority, StringComparison.OrdinalIgnoreCase));
    }

    private static CookieOptions Options(HttpContext context, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = Path,
        MaxAge = maxAge,
        IsEssential = true,
    };
}
