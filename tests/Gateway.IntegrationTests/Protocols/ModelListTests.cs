using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>The caller's models in each protocol's shape and pages, and the providers' own lists.</summary>
public sealed class ModelListTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    private static readonly string[] Narrow = ["plain-over-anthropic", "plain-over-gemini", "plain-over-openai", "plain-over-openai_responses"];

    [Fact]
    public async Task Models_OpenAI_AreTheCallersOwn()
    {
        var list = (await GetAsync("/v1/models?limit=1", anthropic: false)).Json;

        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.Equal(Narrow, list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        Assert.All(list.GetProperty("data").EnumerateArray(), m => Assert.Equal("model", m.GetProperty("object").GetString()));
    }

    [Fact]
    public async Task Models_Anthropic_ComeInPages()
    {
        var whole = (await GetAsync("/v1/models", anthropic: true)).Json;
        var first = (await GetAsync("/v1/models?limit=3", anthropic: true)).Json;
        var second = (await GetAsync($"/v1/models?limit=3&after_id={first.GetProperty("last_id").GetString()}", anthropic: true)).Json;
        var before = (await GetAsync($"/v1/models?limit=2&before_id={Narrow[3]}", anthropic: true)).Json;

        Assert.Equal(Narrow, Ids(whole, "data", "id"));
        Assert.Equal((false, Narrow[0], Narrow[3]), Marks(whole));
        Assert.Equal((true, Narrow[0], Narrow[2]), Marks(first));
        Assert.Equal((false, Narrow[3], Narrow[3]), Marks(second));
        Assert.Equal(Narrow[1..3], Ids(before, "data", "id"));
        Assert.True(Marks(before).HasMore);
        Assert.Equal("model", whole.GetProperty("data")[0].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=x")]
    [InlineData("after_id=a&before_id=b")]
    public async Task Models_AnthropicsBadParameter_Is400InItsShape(string query)
    {
        var reply = await GetAsync("/v1/models?" + query, anthropic: true);

        Assert.Equal((400, "error", "invalid_request_error"), (reply.Status, reply.Json.GetProperty("type").GetString(), reply.Error.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Models_Gemini_ComeInPages()
    {
        var seen = new List<string?>();
        var token = "";
        do
        {
            var page = (await GetAsync($"/v1beta/models?pageSize=3&pageToken={token}", anthropic: false)).Json;
            seen.AddRange(Ids(page, "models", "name"));
            token = page.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);

        Assert.Equal(Narrow.Select(n => "models/" + n), seen);
        Assert.Equal(4, (await GetAsync("/v1beta/models", anthropic: false)).Json.GetProperty("models").GetArrayLength());
        var bad = await GetAsync("/v1beta/models?pageToken=%21", anthropic: false);
        Assert.Equal((400, "INVALID_ARGUMENT"), (bad.Status, bad.Error.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Model_EachProtocol_IsShownInItsShapeOrNotFound()
    {
        var openai = await GetAsync("/v1/models/plain-over-openai", anthropic: false);
        var anthropic = await GetAsync("/v1/models/plain-over-openai", anthropic: true);
        var gemini = await GetAsync("/v1beta/models/plain-over-openai", anthropic: false);
        var hidden = new[] { await GetAsync("/v1/models/text-over-openai", false), await GetAsync("/v1/models/text-over-openai", true), await GetAsync("/v1beta/models/text-over-openai", false) };

        Assert.Equal(("model", "plain-over-openai"), (openai.Json.GetProperty("object").GetString(), openai.Json.GetProperty("id").GetString()));
        Assert.Equal(("model", "plain-over-openai"), (anthropic.Json.GetProperty("type").GetString(), anthropic.Json.GetProperty("id").GetString()));
        Assert.Equal("models/plain-over-openai", gemini.Json.GetProperty("name").GetString());
        Assert.All(hidden, h => Assert.Equal(404, h.Status));
        Assert.Equal("model_not_found", hidden[0].ErrorCode);
        Assert.Equal("not_found_error", hidden[1].Error.GetProperty("type").GetString());
        Assert.Equal("NOT_FOUND", hidden[2].Error.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai_responses")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task Discovery_AnyKind_FindsEveryPageAndRoutesIt(string kind)
    {
        var id = ProtocolModels.Id("found", kind);
        var client = new ProtocolClient("chat");
        ChatReply? reply = null;
        await Eventually.TrueAsync(
            async () => (reply = await World.Client.SendAsync(client.Ask(id + "/found-5"))).Status == 200, $"the last model of {id} is routed");

        Assert.Equal(id + "/found-5", reply!.ServedBy);
        var lists = (await World.Other.Control.RequestsAsync()).Where(r => r.Method == "GET" && r.Key == GatewayDeclaration.SecretOf(id)).ToList();
        Assert.True(lists.Count >= (kind is "anthropic" or "gemini" ? 3 : 1), $"asked {lists.Count} times");
        using var http = new HttpClient { BaseAddress = new Uri(World.Gateway.Address) };
        var admin = await SignInAsync(http);

        var discovered = await admin.PostAsync($"/api/v1/providers/{id}/discover");
        var tested = await admin.PostAsync($"/api/v1/providers/{id}/test");

        discovered.MustBe(200);
        Assert.Equal((0, 5, 0), (discovered["added"].GetInt32(), discovered["unchanged"].GetInt32(), discovered["missing"].GetInt32()));
        tested.MustBe(200);
        Assert.True(tested["ok"].GetBoolean(), tested.Body);
        Assert.Equal(["connect", "models", "chat", "stream"], tested["steps"].EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        Assert.All(tested["steps"].EnumerateArray(), s => Assert.True(s.GetProperty("ok").GetBoolean(), tested.Body));
    }

    private static async Task<Api> SignInAsync(HttpClient http)
    {
        var api = new Api(http);
        var answer = await api.PostAsync("/api/v1/auth/login", new { email = GatewayDeclaration.AdminEmail, password = GatewayDeclaration.AdminPassword, delivery = "body" });
        answer.MustBe(200);
        return api.With(answer.Text("access_token"));
    }

    private async Task<ChatReply> GetAsync(string path, bool anthropic)
    {
        using var client = new ChatClient(World.Gateway.Address, ProtocolModels.NarrowKey);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (anthropic)
        {
            request.Headers.Add("anthropic-version", "2023-06-01");
        }

        return await client.SendAsync(request);
    }

    private static (bool HasMore, string? First, string? Last) Marks(JsonElement page) =>
        (page.GetProperty("has_more").GetBoolean(), page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString());

    private static IEnumerable<string?> Ids(JsonElement page, string list, string member) =>
        page.GetProperty(list).EnumerateArray().Select(m => m.GetProperty(member).GetString());
}
