using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AIHigress.Gateway.IntegrationTests.Hosting;

/// <summary>Whatever is wrong with a request, the answer has one shape and says which field and why.</summary>
public sealed class ProblemTests : IAsyncLifetime
{
    private BareServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await BareServer.StartAsync(app =>
    {
        app.MapPost("/api/v1/echo", (Widget widget) => widget);
        app.MapGet("/api/v1/page", (int limit) => limit);
        app.MapGet("/api/v1/broken", string () => throw new InvalidOperationException("canary-detail"));
        app.MapGet("/api/v1/stale", string () => throw Problems.StaleVersion(7));
        app.MapGet("/api/v1/busy", string () => throw new ProblemException(429, "too_many_attempts", "Later.") { RetryAfterSeconds = 42 });
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("{\"name\":\"a\",\"colour\":1}", "colour", "unknown_field")]
    [InlineData("{\"name\":\"a\",\"Weight\":1}", "Weight", "unknown_field")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "name", "duplicate_field")]
    [InlineData("{\"name\":\"a\",\"weight\":\"heavy\"}", "weight", "wrong_type")]
    [InlineData("{\"name\":\"a\",\"weight\":\"3\"}", "weight", "wrong_type")]
    [InlineData("{\"name\":\"a\",\"kind\":\"square\"}", "kind", "wrong_type")]
    [InlineData("{\"name\":\"a\",\"kind\":1}", "kind", "wrong_type")]
    [InlineData("{\"name\":\"a\",\"at\":\"2026-01-01T00:00:00\"}", "at", "wrong_type")]
    [InlineData("{\"weight\":1}", "name", "required")]
    [InlineData("{\"name\":null}", "name", "required")]
    [InlineData("{\"name\":\"a\",\"parts\":[{\"size\":1},{\"size\":\"x\"}]}", "parts[1].size", "wrong_type")]
    [InlineData("{\"name\":\"a\",\"parts\":[{}]}", "parts[0].size", "required")]
    public async Task Post_FieldIsWrong_IsNamedWithItsFault(string body, string field, string code)
    {
        var (status, problem) = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("validation_failed", (string?)problem["code"]);
        Assert.Equal(code, (string?)problem["errors"]![field]![0]!["code"]);
        Assert.NotEmpty((string)problem["errors"]![field]![0]!["message"]!);
    }

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("{\"name\":\"a\",}")]
    [InlineData("name=a")]
    public async Task Post_NoJson_IsSaid(string body)
    {
        var (status, problem) = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_json", (string?)problem["code"]);
    }

    [Fact]
    public async Task Post_GoodBody_RoundTripsInTheApisForm()
    {
        using var response = await SendAsync("{\"name\":\"a\",\"kind\":\"flat_top\",\"at\":\"2026-01-01T01:00:00.1239+01:00\"}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            "{\"name\":\"a\",\"weight\":1,\"kind\":\"flat_top\",\"at\":\"2026-01-01T00:00:00.123Z\",\"parts\":null}",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Post_OtherMediaType_Is415()
    {
        using var response = await _server.Client.PostAsync("/api/v1/echo", new StringContent("a", Encoding.UTF8, "text/plain"));

        await AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_OverOneMebibyte_Is413(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/echo")
        {
            Content = new StringContent($"{{\"name\":\"{new string('a', 1_100_000)}\"}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await _server.Client.SendAsync(request);

        await AssertProblemAsync(response, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "/api/v1/echo", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task Request_NoSuchRoute_IsAProblem(string method, string path, HttpStatusCode status, string code)
    {
        using var response = await _server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await AssertProblemAsync(response, status, code);
    }

    [Theory]
    [InlineData("/api/v1/page?limit=many", "wrong_type")]
    [InlineData("/api/v1/page", "required")]
    public async Task Get_ParameterIsWrong_IsNamed(string path, string code)
    {
        using var response = await _server.Client.GetAsync(path);

        var problem = await AssertProblemAsync(response, HttpStatusCode.BadRequest, "validation_failed");
        Assert.Equal(code, (string?)problem["errors"]!["limit"]![0]!["code"]);
    }

    [Fact]
    public async Task Get_HandlerFails_TellsNoDetail()
    {
        using var response = await _server.Client.GetAsync("/api/v1/broken");

        var problem = await AssertProblemAsync(response, HttpStatusCode.InternalServerError, "internal_error");
        Assert.DoesNotContain("canary-detail", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEmpty((string)problem["traceId"]!);
    }

    [Fact]
    public async Task Get_ProblemWithHeaders_SendsThem()
    {
        using var stale = await _server.Client.GetAsync("/api/v1/stale");
        using var busy = await _server.Client.GetAsync("/api/v1/busy");

        await AssertProblemAsync(stale, HttpStatusCode.PreconditionFailed, "stale_version");
        Assert.Equal("\"v7\"", stale.Headers.ETag!.Tag);
        await AssertProblemAsync(busy, HttpStatusCode.TooManyRequests, "too_many_attempts");
        Assert.Equal(42, busy.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }

    private static async Task<JsonNode> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal("/problems/" + code, (string?)problem["type"]);
        Assert.Equal((int)status, (int?)problem["status"]);
        Assert.Equal(response.RequestMessage!.RequestUri!.AbsolutePath, (string?)problem["instance"]);
        return problem;
    }

    private async Task<(HttpStatusCode Status, JsonNode Problem)> PostAsync(string body)
    {
        using var response = await SendAsync(body);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private Task<HttpResponseMessage> SendAsync(string body) =>
        _server.Client.PostAsync("/api/v1/echo", new StringContent(body, Encoding.UTF8, "application/json"));
}

public sealed record Widget(string Name, int Weight = 1, Shape Kind = Shape.Round, DateTimeOffset? At = null, IReadOnlyList<Part>? Parts = null);

public sealed record Part(int Size);

public enum Shape
{
    Round,
    FlatTop,
}
