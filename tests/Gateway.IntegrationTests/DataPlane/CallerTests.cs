using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.DataPlane;

/// <summary>Who may ask, and what the names are that each caller may use.</summary>
public sealed class CallerTests(SharedWorlds worlds) : ChatTests(worlds)
{
    [Theory]
    [InlineData(null, 401, "missing_api_key")]
    [InlineData("sk-aih-nobody-ever-made-this-key", 401, "invalid_api_key")]
    [InlineData(ChatWorld.ExpiredKey, 401, "expired_api_key")]
    [InlineData(ChatWorld.DisabledKey, 403, "disabled_api_key")]
    [InlineData(ChatWorld.OwnerlessKey, 403, "disabled_api_key")]
    public async Task Chat_KeyThatDoesNotServe_IsRefused(string? key, int status, string code)
    {
        using var client = new ChatClient(World.Gateway.Address, key);

        var reply = await client.AskAsync("plain");
        var models = await client.GetAsync("/v1/models");

        Assert.Equal((status, code), (reply.Status, reply.ErrorCode));
        Assert.Equal((status, code), (models.Status, models.ErrorCode));
        Assert.Equal(status == 401 ? "Bearer" : null, reply.Headers.GetValueOrDefault("WWW-Authenticate"));
        Assert.True(Guid.TryParse(reply.Headers["X-Request-Id"], out _));
    }

    [Theory]
    [InlineData(ChatWorld.DisabledKey, 403)]
    [InlineData(ChatWorld.ExpiredKey, 401)]
    public async Task Chat_KnownKeyRefused_IsLogged(string key, int status)
    {
        using var client = new ChatClient(World.Gateway.Address, key);

        var reply = await client.AskAsync("plain");

        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal((status, reply.ErrorCode, false), (row.Status, row.ErrorCode, row.Ok));
    }

    [Theory]
    [InlineData("x-api-key", GatewaySite.Key, 200)]
    [InlineData("Authorization", "bearer " + GatewaySite.Key, 200)]
    [InlineData("Authorization", "Basic " + GatewaySite.Key, 401)]
    public async Task Chat_KeyInOtherPlaces_IsFoundWhereItMayBe(string header, string value, int status)
    {
        using var client = new ChatClient(World.Gateway.Address, key: null);

        Assert.Equal(status, (await client.SendAsync(ChatClient.Body("plain"), (header, value))).Status);
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/models")]
    public async Task Models_OfANarrowKey_AreExactlyWhatItMayUse(string path)
    {
        using var client = new ChatClient(World.Gateway.Address, ChatWorld.NarrowKey);

        var listed = (await client.GetAsync(path)).Json;

        Assert.Equal("list", listed.GetProperty("object").GetString());
        Assert.Equal(["crlf", "plain"], listed.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("plain", 200)]
    [InlineData("up-plain/mock-ok", 404)]
    [InlineData("odd", 404)]
    [InlineData("nobody-has-this", 404)]
    public async Task Model_OfANarrowKey_IsShownOnlyIfItMayUseIt(string model, int status)
    {
        using var client = new ChatClient(World.Gateway.Address, ChatWorld.NarrowKey);

        var reply = await client.GetAsync($"/v1/models/{Uri.EscapeDataString(model)}");

        Assert.Equal(status, reply.Status);
        Assert.Equal(status == 200 ? model : "model_not_found", status == 200 ? reply.Json.GetProperty("id").GetString() : reply.ErrorCode);
    }

    [Fact]
    public async Task Models_Listed_CanEachBeShown()
    {
        var listed = (await World.Client.GetAsync("/v1/models")).Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!).ToList();

        Assert.Equal(ChatWorld.Models.Keys.Concat(["guarded", "hang-plain", "hang-stream"]).Order(StringComparer.Ordinal), listed);
        foreach (var model in listed)
        {
            Assert.Equal(model, (await World.Client.GetAsync($"/v1/models/{model}")).Json.GetProperty("id").GetString());
        }
    }
}
