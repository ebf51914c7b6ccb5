using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AIHigress.Gateway.Features.Providers.Hosts;
using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.MockUpstream;
using AIHigress.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Providers;

/// <summary>One server per database for the tests of providers, models and logs, with a scripted provider beside it and names that need no network.</summary>
public abstract class UpstreamGateway(TestDatabase database) : IdentityGateway(database)
{
    private static int _names;
    private readonly List<string> _models = ["mock-large", "mock-small"];

    /// <summary>What the scripted provider lists; a test that changes it holds <see cref="ListTurn"/>.</summary>
    public IList<string> Listed => _models;

    public SemaphoreSlim ListTurn { get; } = new(1);

    public MockUpstreamServer Upstream { get; private set; } = null!;

    public string UpstreamUrl => Upstream.OpenAIBaseUrl.AbsoluteUri.TrimEnd('/');

    public override async ValueTask InitializeAsync()
    {
        Upstream = await MockUpstreamHost.StartAsync(new MockUpstreamOptions { Models = _models, ApiKeys = ["sk-upstream-key-0001", "sk-upstream-key-0002"] });
        Settings["ALLOWED_PRIVATE_UPSTREAMS"] = "127.0.0.1";
        Settings["ALLOWED_UPSTREAM_PORTS"] = $"443,80,{Upstream.BaseAddress.Port}";
        var others = ReplaceServices;
        ReplaceServices = services =>
        {
            services.AddSingleton<INameResolver>(new Names());
            others?.Invoke(services);
        };
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Upstream.DisposeAsync();
        ListTurn.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A name that no other test uses.</summary>
    public static string NewName(string start) => $"{start}-{Interlocked.Increment(ref _names)}";

    /// <summary>A platform provider at the scripted upstream, with its models declared by hand.</summary>
    internal async Task<Answer> AddProviderAsync(Api admin, string id, params string[] models)
    {
        var answer = await admin.PostAsync("/api/v1/providers", new
        {
            id,
            name = id,
            base_url = UpstreamUrl,
            keys = new[] { new { label = "main", key = "sk-upstream-key-0001" } },
            models = models.Length == 0 ? ["mock-ok"] : models,
        });
        answer.MustBe(201);
        return answer;
    }

    /// <summary>Loads what was committed without the API.</summary>
    internal Task RefreshAsync() => Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: false, CancellationToken.None);

    private sealed class Names : INameResolver
    {
        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) => host.EndsWith(".public.test", StringComparison.Ordinal)
            ? Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse("8.8.8.8")])
            : throw new SocketException((int)SocketError.HostNotFound);
    }
}

public sealed class UpstreamOverSqlite() : UpstreamGateway(TestDatabase.Sqlite)
{
    public const string Name = "Upstreams over SQLite";
}

public sealed class UpstreamOverPostgres() : UpstreamGateway(TestDatabase.Postgres)
{
    public const string Name = "Upstreams over PostgreSQL";
}

[CollectionDefinition(UpstreamOverSqlite.Name)]
public sealed class SqliteUpstreamTests : ICollectionFixture<UpstreamOverSqlite>;

[CollectionDefinition(UpstreamOverPostgres.Name)]
public sealed class PostgresUpstreamTests : ICollectionFixture<UpstreamOverPostgres>;

internal static class Versioned
{
    public static Task<Answer> PatchAsync(this Api api, string path, object body, string etag) =>
        api.SendAsync(HttpMethod.Patch, path, body, ("If-Match", etag));

    public static Task<Answer> DeleteAsync(this Api api, string path, string etag) =>
        api.SendAsync(HttpMethod.Delete, path, null, ("If-Match", etag));

    public static string ETag(this Answer answer) => answer.Headers["ETag"];

    public static IReadOnlyList<JsonElement> Items(this Answer answer) => [.. answer["items"].EnumerateArray()];

    public static IReadOnlyList<string> Ids(this Answer answer) => [.. answer.Items().Select(i => i.GetProperty("id").GetString()!)];
}
