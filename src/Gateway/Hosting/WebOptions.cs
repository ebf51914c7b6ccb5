using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting;

/// <summary>What the HTTP side accepts and shows.</summary>
public sealed class WebOptions
{
    public const string Section = "Web";

    [Setting("TRUSTED_PROXIES", "Addresses (CIDR, comma separated) whose X-Forwarded-For and X-Forwarded-Proto are believed.")]
    public string TrustedProxies { get; set; } = "";

    [Setting("CORS_ALLOW_ORIGINS", "Origins (comma separated) that browsers may call the API from.")]
    public string CorsAllowOrigins { get; set; } = "";

    [Setting("ENABLE_API_DOCS", "Serves the API reference at /docs and the OpenAPI document.", DefaultText = "true; false in production")]
    public bool? EnableApiDocs { get; set; }

    [Setting("MANAGEMENT_LIMIT", "Management requests per user, as count/seconds.")]
    [RegularExpression(@"^\d{1,6}/\d{1,6}$")]
    public string ManagementLimit { get; set; } = "600/60";

    public bool ShowsApiDocs(ServerOptions server) => EnableApiDocs ?? !server.IsProduction;
}
