using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Passwords;
using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Responses;

/// <summary>
/// A gateway in front of two mocks that know nothing of each other's responses: each kind of upstream on the first, a spare on the second.
/// Two users, a key each. Model names keep the tests apart.
/// </summary>
public abstract class ResponsesGateway : GatewayFactory
{
    public const string Key = "sk-test-key-of-responses-one";
    public const string OtherKey = "sk-test-key-of-responses-two";
    private const string OtherEmail = "other@example.com";

    public static readonly IReadOnlyList<string> Kinds = ["openai", "openai_responses", "anthropic", "gemini"];

    private readonly TempFolder _folder = new();

    protected ResponsesGateway(TestDatabase database)
        : base(database)
    {
    }

    public MockUpstreamServer Maker { get; private set; } = null!;

    public MockUpstreamServer Other { get; private set; } = null!;

    public ResponsesClient Client { get; private set; } = null!;

    public ResponsesClient Stranger { get; private set; } = null!;

    /// <summary>Served by one kind of upstream.</summary>
    public static string ModelOf(string kind, string test) => $"{test}-{kind}";

    public override async ValueTask InitializeAsync()
    {
        Maker = await MockUpstreamHost.StartAsync(new MockUpstreamOptions { Name = "maker" });
        Other = await MockUpstreamHost.StartAsync(new MockUpstreamOptions { Name = "other" });
        var declaration = new GatewayDeclaration();
        foreach (var kind in Kinds)
        {
            declaration.Provider(Id(kind), kind, BaseUrl(Maker, kind));
            foreach (var test in (string[])["chain", "turns", "stream", "job", "gated", "native", "logged", "cancelled", "deleted", "failing", "other"])
            {
                declaration.Model(ModelOf(kind, test), (Id(kind), ModelOf(kind, test)));
                Maker.Script(ModelOf(kind, test), test == "gated" ? new Behaviour { Gate = ModelOf(kind, test), Chunks = 20 } : new Behaviour { Text = $"answer of {kind}" });
            }
        }

        declaration.Provider("spare", Other.OpenAIBaseUrl).Provider("spare-responses", "openai_responses", Other.OpenAIBaseUrl);
        declaration.Provider("keyed", "openai_responses", Maker.OpenAIBaseUrl, keys: ["one", "two", "three"]);
        declaration.Model("keyed", ("keyed", "mock-ok"));
        declaration.Model("leaving", (Id("openai_responses"), "leaving"), ("spare", "leaving-to"));
        declaration.Model("forgetting", (Id("openai_responses"), "forgetting"), ("spare-responses", "forgetting-to"));
        declaration.ApiKey("one", Key).ApiKey("two", OtherKey, OtherEmail);
        await ConfigureAsync(declaration);
        await base.InitializeAsync();
        Client = new ResponsesClient(CreateClient(), Key);
        Stranger = new ResponsesClient(CreateClient(), OtherKey);
        await AddOtherUserAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Maker.DisposeAsync();
        await Other.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Works on the database as another part of the server would.</summary>
    internal async Task<T> InDatabaseAsync<T>(Func<GatewayDbContext, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<GatewayDbContext>());
    }

    // Secrets by file: the environment belongs to all tests of this process.
    private async Task ConfigureAsync(GatewayDeclaration declaration)
    {
        var text = declaration.Text();
        foreach (var (name, value) in declaration.Environment)
        {
            if (name.StartsWith("CANARY_", StringComparison.Ordinal))
            {
                await File.WriteAllTextAsync(_folder.File(name), value);
                text = text.Replace($"\"env:{name}\"", $"\"file:{name}\"", StringComparison.Ordinal);
            }
            else
            {
                Settings[name] = value;
            }
        }

        Settings["CONFIG_FILE"] = _folder.File("gateway.yaml");
        await File.WriteAllTextAsync(Settings["CONFIG_FILE"], text);
    }

    private static string Id(string kind) => "over-" + kind.Replace('_', '-');

    private static Uri BaseUrl(MockUpstreamServer mock, string kind) => new(mock.BaseAddress, kind == "gemini" ? "/v1beta" : "/v1");

    private async Task AddOtherUserAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        var faults = new FieldErrors();
        await scope.ServiceProvider.GetRequiredService<NewUsers>().AddAsync("other", OtherEmail, "Planted-Passphrase-9-x", null, faults);
        faults.ThrowIfAny();
        await scope.ServiceProvider.GetRequiredService<ChangeWriter>().SaveAsync(db, new Actor(null, "test"), [], CancellationToken.None);
        await Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: false, CancellationToken.None);
        await Eventually.TrueAsync(
            () => Services.GetRequiredService<ApiKeySnapshots>().Current.Find(OtherKey) is { UserId: not null, OwnerDisabled: false }, "the second key has its user");
    }
}

public sealed class ResponsesOverSqlite() : ResponsesGateway(TestDatabase.Sqlite)
{
    public const string Name = "Responses over SQLite";
}

public sealed class ResponsesOverPostgres() : ResponsesGateway(TestDatabase.Postgres)
{
    public const string Name = "Responses over PostgreSQL";
}

[CollectionDefinition(ResponsesOverSqlite.Name)]
public sealed class SqliteResponsesTests : ICollectionFixture<ResponsesOverSqlite>;

[CollectionDefinition(ResponsesOverPostgres.Name)]
public sealed class PostgresResponsesTests : ICollectionFixture<ResponsesOverPostgres>;
