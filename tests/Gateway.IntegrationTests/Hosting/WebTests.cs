using System.Net;
using System.Net.Http.Headers;
using AIHigress.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AIHigress.Gateway.IntegrationTests.Hosting;

/// <summary>Pages, headers, forwarded addresses, limits: what a browser, a proxy and a scraper meet.</summary>
public sealed class WebTests
{
    private const string Token = "a-token-for-the-scraper";

    [Theory]
    [InlineData("en-GB,en;q=0.8", "lang=\"en\"")]
    [InlineData("zh-TW,zh;q=0.9,en;q=0.8", "lang=\"zh-CN\"")]
    [InlineData("fr,en;q=0.5,zh;q=0.7", "lang=\"zh-CN\"")]
    [InlineData("fr", "lang=\"en\"")]
    public async Task Home_ByAcceptLanguage_SpeaksIt(string languages, string marked)
    {
        await using var server = await BareServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        using var response = await server.Client.SendAsync(request);
        var html = await response.Content.ReadAsStringAsync();

        Assert.Contains("<html " + marked, html, StringComparison.Ordinal);
        Assert.Contains("服务器正在运行", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/home.css")).StatusCode);
    }

    [Fact]
    public async Task DataPlanePath_Unknown_AnswersNoPage()
    {
        await using var server = await BareServer.StartAsync();
        using var response = await server.Client.GetAsync("/v1/nothing");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.DoesNotContain("html", response.Content.Headers.ContentType?.MediaType ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Docs_Page_RunsOnlyItsOwnScripts()
    {
        await using var server = await BareServer.StartAsync();
        using var response = await server.Client.GetAsync("/docs/");
        var html = await response.Content.ReadAsStringAsync();
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];

        Assert.DoesNotContain("script-src 'self' 'unsafe-inline'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        var scripts = html.Split("<script").Skip(1).ToList();
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.Contains($"nonce=\"{nonce}\"", script.Split('>')[0], StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/docs/scalar.js")).StatusCode);
    }

    [Theory]
    [InlineData("true", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.NotFound)]
    public async Task Docs_InProduction_OnlyWhenAskedFor(string? enabled, HttpStatusCode expected)
    {
        (string, string)[] settings = [("APP_ENV", "production"), ("SECRET_KEY", Startup.Starts.SecretKey), .. enabled is null ? [] : new[] { ("ENABLE_API_DOCS", enabled) }];
        await using var server = await BareServer.StartAsync(settings: settings);

        Assert.Equal(expected, (await server.Client.GetAsync("/docs/")).StatusCode);
        Assert.Equal(expected, (await server.Client.GetAsync("/openapi/v1.json")).StatusCode);
    }

    [Fact]
    public async Task Metrics_NotConfigured_AreNotThere()
    {
        await using var server = await BareServer.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/metrics")).StatusCode);
    }

    [Fact]
    public async Task Metrics_WithToken_OpenForItAlone()
    {
        await using var server = await BareServer.StartAsync(settings: ("PROMETHEUS_TOKEN", Token));

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync("/metrics")).StatusCode);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token + "x");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync("/metrics")).StatusCode);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Contains("http_server_request_duration", await server.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OnTheirOwnAddress_AreAllThatIsThere()
    {
        var address = $"127.0.0.1:{FreePort.Next()}";
        await using var server = await BareServer.StartAsync(settings: ("PROMETHEUS_LISTEN", address));
        using var scraper = new HttpClient { BaseAddress = new Uri("http://" + address) };

        Assert.Contains("process_runtime", (await scraper.GetStringAsync("/metrics")).Replace("dotnet_", "process_runtime", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await scraper.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health")).StatusCode);
    }

    [Theory]
    [InlineData("", "127.0.0.1")]
    [InlineData("10.0.0.0/8", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.9")]
    [InlineData("127.0.0.0/8", "203.0.113.9")]
    public async Task ForwardedFor_BelievedOnlyFromTrustedProxies(string trusted, string seen)
    {
        await using var server = await BareServer.StartAsync(
            app => app.MapGet("/who", (HttpContext context) => context.Connection.RemoteIpAddress!.MapToIPv4().ToString()), null, ("TRUSTED_PROXIES", trusted));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        request.Headers.Add("X-Forwarded-For", "198.51.100.1, 203.0.113.9");
        using var response = await server.Client.SendAsync(request);

        Assert.Equal(seen, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task CrossOrigin_OnlyNamedOrigins()
    {
        await using var closed = await BareServer.StartAsync(app => app.MapGet("/api/v1/x", () => 1));
        await using var open = await BareServer.StartAsync(app => app.MapGet("/api/v1/x", () => 1), null, ("CORS_ALLOW_ORIGINS", "https://app.example.com"));

        Assert.False(await AllowsAsync(closed, "https://app.example.com"));
        Assert.True(await AllowsAsync(open, "https://app.example.com"));
        Assert.False(await AllowsAsync(open, "https://evil.example.com"));
    }

    [Fact]
    public async Task Management_OverTheLimit_Is429WithRetryAfter()
    {
        await using var server = await BareServer.StartAsync(app => app.MapGet("/api/v1/x", () => 1), null, ("MANAGEMENT_LIMIT", "3/3600"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/v1/x")).StatusCode);
        }

        using var refused = await server.Client.GetAsync("/api/v1/x");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health")).StatusCode);
    }

    private static async Task<bool> AllowsAsync(BareServer server, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/x");
        request.Headers.Add("Origin", origin);
        using var response = await server.Client.SendAsync(request);
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) && allowed.Contains(origin);
    }
}
