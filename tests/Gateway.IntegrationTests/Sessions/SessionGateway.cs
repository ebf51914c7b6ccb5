using System.Net.Http.Headers;
using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.Gateway.IntegrationTests.Protocols;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Sessions;

/// <summary>A gateway in front of two mocks, with a clock that only tests move. Each test has users of its own, and so sessions of its own.</summary>
public sealed class SessionGateway() : IdentityGateway(TestDatabase.Sqlite)
{
    public const string Name = "Sessions";

    /// <summary>The kind of upstream that speaks a client's own protocol.</summary>
    public static readonly IReadOnlyDictionary<string, string> OwnKind = new Dictionary<string, string>
    {
        ["chat"] = "openai",
        ["responses"] = "openai_responses",
        ["messages"] = "anthropic",
        ["gemini"] = "gemini",
    };

    private readonly TempFolder _folder = new();

    public MockUpstreamServer One { get; private set; } = null!;

    public MockUpstreamServer Two { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        One = await MockUpstreamHost.StartAsync(new MockUpstreamOptions { Name = "one" });
        Two = await MockUpstreamHost.StartAsync(new MockUpstreamOptions { Name = "two" });
        var declaration = new GatewayDeclaration()
            .Provider("one", One.OpenAIBaseUrl)
            .Provider("two", Two.OpenAIBaseUrl)
            .Provider("keyed", One.OpenAIBaseUrl, keys: ["a", "b", "c", "d"])
            .Model("spread", "weighted", [("one", "spread"), ("two", "spread")])
            .Model("keyed", ("keyed", "keyed"));
        foreach (var test in (string[])["moves", "canceled", "refused", "shared", "ttl", "listed", "other", "bytes", "purged", "deleted"])
        {
            declaration.Model(test, ("one", test), ("two", test));
        }

        foreach (var kind in OwnKind.Values)
        {
            var id = "kind-" + kind.Replace('_', '-');
            declaration.Provider(id, kind, new Uri(One.BaseAddress, kind == "gemini" ? "/v1beta" : "/v1"));
            declaration.Model("said-" + kind, (id, "said-" + kind));
        }

        await ConfigureAsync(declaration);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await One.DisposeAsync();
        await Two.DisposeAsync();
        _folder.Dispose();
    }

    internal async Task<SessionUser> AddSessionUserAsync()
    {
        var user = await AddSignedInUserAsync();
        var key = await user.Api.PostAsync("/api/v1/api-keys", new { name = "sessions" });
        key.MustBe(201);
        return new SessionUser(user, CreateClient(), key.Text("token"));
    }

    // Secrets by file: the environment belongs to all tests of this process.
    private async Task ConfigureAsync(GatewayDeclaration declaration)
    {
        var text = declaration.Text();
        foreach (var (name, value) in declaration.Environment.Where(e => e.Key.StartsWith("CANARY_", StringComparison.Ordinal)))
        {
            await File.WriteAllTextAsync(_folder.File(name), value);
            text = text.Replace($"\"env:{name}\"", $"\"file:{name}\"", StringComparison.Ordinal);
        }

        Settings["CONFIG_FILE"] = _folder.File("gateway.yaml");
        await File.WriteAllTextAsync(Settings["CONFIG_FILE"], text);
    }
}

[CollectionDefinition(SessionGateway.Name)]
public sealed class SessionCollection : ICollectionFixture<SessionGateway>;

/// <summary>A user with an API key, and with a token for the management API.</summary>
internal sealed class SessionUser(SignedInUser user, HttpClient http, string key)
{
    public const string Path = "/api/v1/routing/sessions";

    public Guid Id => user.User.Id;

    public Api Api => user.Api;

    /// <summary>Asks in Chat.</summary>
    public Task<ChatReply> AskAsync(string model, string? session, params (string Name, string Value)[] headers) =>
        SendAsync(new ProtocolClient("chat").Ask(model), session, headers);

    public async Task<ChatReply> SendAsync(HttpRequestMessage request, string? session, params (string Name, string Value)[] headers)
    {
        using var response = await OpenAsync(request, session, CancellationToken.None, headers);
        return await ChatReply.ReadAsync(response);
    }

    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, string? session, CancellationToken cancellation, params (string Name, string Value)[] headers)
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            foreach (var (name, value) in session is null ? headers : [("X-Session-Id", session), .. headers])
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
    }

    public Task<ChatReply> ContextAsync(string session, string query = "") => SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/context/{session}{query}"), null);

    /// <summary>The exchanges of a session, once there are so many.</summary>
    public async Task<IReadOnlyList<JsonElement>> ExchangesAsync(string session, int count, string query = "")
    {
        IReadOnlyList<JsonElement> found = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var reply = await ContextAsync(session, query);
                found = reply.Status == 200 ? [.. reply.Json.GetProperty("exchanges").EnumerateArray()] : [];
                return found.Count == count;
            },
            $"{count} exchanges are kept of {session}");
        return found;
    }

    public async Task<IReadOnlyList<JsonElement>> SessionsAsync(string query = "")
    {
        var answer = await Api.GetAsync(Path + query);
        answer.MustBe(200);
        return [.. answer["items"].EnumerateArray()];
    }
}
