using System.Globalization;
using System.Text;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Limits;

/// <summary>What a client notices of its key's limits on one replica.</summary>
public sealed class CallerLimitTests(LimitWorld world) : IClassFixture<LimitWorld>
{
    [Fact]
    public async Task Ask_RequestsUsedUp_Is429ThatSaysWhichLimitAndWhen()
    {
        using var client = world.ClientOf("rpm-chat");
        for (var left = 2; left >= 0; left--)
        {
            var reply = await client.AskAsync("plain", stream: left == 1);
            Assert.Equal(200, reply.Status);
            Assert.Equal(("3", left.ToString(CultureInfo.InvariantCulture)), (reply.Headers["x-ratelimit-limit-requests"], reply.Headers["x-ratelimit-remaining-requests"]));
            Assert.Matches("^([0-9]+m)?[0-9.]+m?s$", reply.Headers["x-ratelimit-reset-requests"]);
            Assert.False(reply.Headers.ContainsKey("x-ratelimit-limit-tokens"));
        }

        var refused = await client.AskAsync("plain");

        Assert.Equal((429, "rate_limit_exceeded"), (refused.Status, refused.ErrorCode));
        Assert.StartsWith("This API key may make 3 requests per minute.", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 20);
        Assert.Equal("0", refused.Headers["x-ratelimit-remaining-requests"]);
        Assert.Equal("0", refused.Attempts);
        await Eventually.TrueAsync(async () => (await world.Logs.AllAsync()).Any(r => r.RequestId == refused.RequestId && r.Status == 429), "the refusal is logged");
    }

    [Fact]
    public async Task Ask_KeyWithoutLimits_HasNoSuchHeaders()
    {
        var reply = await world.Client.AskAsync("plain");

        Assert.Equal(200, reply.Status);
        Assert.DoesNotContain(reply.Headers.Keys, name => name.StartsWith("x-ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("rpm-messages", "/v1/messages", """{"model":"plain","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}""", "rate_limit_error")]
    [InlineData("rpm-gemini", "/v1beta/models/plain:generateContent", """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""", "RESOURCE_EXHAUSTED")]
    public async Task Ask_OtherProtocol_IsRefusedInItsShape(string key, string path, string body, string kind)
    {
        using var client = world.ClientOf(key);
        Assert.Equal(200, (await client.SendAsync(Post(path, body))).Status);

        var refused = await client.SendAsync(Post(path, body));

        Assert.Equal(429, refused.Status);
        Assert.Contains($"\"{kind}\"", refused.Body, StringComparison.Ordinal);
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task Ask_TokensUsedUp_AreTakenByEstimateAndCorrectedByTheAnswer()
    {
        using var client = world.ClientOf("tokens");
        var first = await client.AskAsync("plain", extra: ",\"max_tokens\":600");
        Assert.Equal("1000", first.Headers["x-ratelimit-limit-tokens"]);
        Assert.InRange(int.Parse(first.Headers["x-ratelimit-remaining-tokens"], CultureInfo.InvariantCulture), 380, 400);

        // The answer had about 20 tokens.
        var held = client.AskAsync("held", extra: ",\"max_tokens\":600");
        await world.Mock.Control.WaitForGateAsync("held", minWaiting: 1);
        var refused = await client.AskAsync("plain", extra: ",\"max_tokens\":600");
        await world.Mock.Control.ReleaseAsync("held");

        Assert.Equal(200, (await held).Status);
        Assert.Equal((429, "rate_limit_exceeded"), (refused.Status, refused.ErrorCode));
        Assert.StartsWith("This API key may use 1000 tokens per minute", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(200, (await client.AskAsync("plain", extra: ",\"max_tokens\":600")).Status);
    }

    [Fact]
    public async Task Ask_RequestThatUsedNoTokens_GetsThemAllBack()
    {
        using var client = world.ClientOf("tokens-failed");
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(400, (await client.AskAsync("broken", extra: ",\"max_tokens\":700")).Status);
        }

        Assert.Equal(200, (await client.AskAsync("plain", extra: ",\"max_tokens\":900")).Status);
    }

    [Fact]
    public async Task Ask_AllPlacesTaken_IsRefusedAtOnceUntilOneIsFree()
    {
        using var client = world.ClientOf("places");
        var running = new[] { client.AskAsync("held-stream", stream: true), client.AskAsync("held-stream", stream: true) };
        await world.Mock.Control.WaitForGateAsync("held-stream", minWaiting: 2);

        var refused = await client.AskAsync("plain");
        Assert.Equal((429, "rate_limit_exceeded"), (refused.Status, refused.ErrorCode));
        Assert.Contains("2 requests running at once", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.InRange(int.Parse(refused.Headers["x-ratelimit-remaining-requests"]), 998, 1000);

        await world.Mock.Control.ReleaseAsync("held-stream", 100);
        Assert.All(await Task.WhenAll(running), reply => Assert.Equal(200, reply.Status));
        Assert.Equal(200, (await client.AskAsync("plain")).Status);
    }

    [Fact]
    public async Task Ask_OnePlaceAndOneRequestAfterTheOther_IsNeverRefused()
    {
        using var client = world.ClientOf("one-place");
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(200, (await client.AskAsync("plain", stream: i % 2 == 0)).Status);
        }
    }

    [Fact]
    public async Task Ask_InTheBackground_CountsOnce()
    {
        using var client = world.ClientOf("background");

        var queued = await client.SendAsync(Post("/v1/responses", """{"model":"answers","background":true,"input":"Hi"}"""));

        Assert.Equal(200, queued.Status);
        var path = $"/v1/responses/{queued.Json.GetProperty("id").GetString()}";
        await Eventually.TrueAsync(async () => (await client.GetAsync(path)).Json.GetProperty("status").GetString() == "completed", "the response is there");
        Assert.Equal(429, (await client.SendAsync(Post("/v1/responses", """{"model":"answers","input":"Hi"}"""))).Status);
    }

    [Fact]
    public async Task Ask_EveryKeyOfAProviderUsedUp_IsNoProviderUntilTheFirstRecovers()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(200, (await world.Client.AskAsync("per-minute")).Status);
        }

        var refused = await world.Client.AskAsync("per-minute");

        Assert.Equal((503, "no_available_provider"), (refused.Status, refused.ErrorCode));
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 30);
        var keys = (await world.Mock.Control.RequestsAsync()).Where(r => r.Key?.Contains("per-minute", StringComparison.Ordinal) == true).CountBy(r => r.Key!);
        Assert.All(keys, key => Assert.Equal(2, key.Value));
    }

    [Fact]
    public async Task Ask_ProviderKeyOutOfTokens_IsNotAskedButItsRestComesBack()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await world.Client.AskAsync("few-tokens", extra: ",\"max_tokens\":900")).Status);
        }
    }

    private static HttpRequestMessage Post(string path, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("anthropic-version", "2023-06-01");
        return request;
    }
}
