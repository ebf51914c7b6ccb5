using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Web;

/// <summary>CORS_ALLOW_ORIGINS: nothing is allowed across origins unless it is named.</summary>
internal static class CrossOrigin
{
    /// <summary>True when the middleware is needed.</summary>
    /// <exception cref="SettingException">An entry is no origin.</exception>
    public static bool AddCrossOrigin(this IServiceCollection services, string allowedOrigins)
    {
        var origins = allowedOrigins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var origin in origins)
        {
            if (origin != "*" && (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || origin.EndsWith('/')))
            {
                throw new SettingException("CORS_ALLOW_ORIGINS", $"'{origin}' is not an origin such as https://app.example.com");
            }
        }

        if (origins.Length == 0)
        {
            return false;
        }

        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins)
            .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
            .AllowAnyHeader()
            .WithExposedHeaders("ETag", "Retry-After", "X-Request-Id")
            .SetPreflightMaxAge(TimeSpan.FromHours(1))));
        return true;
    }
}
