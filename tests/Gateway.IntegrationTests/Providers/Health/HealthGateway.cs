using System.Net.Http.Json;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.Features.Providers.Health.Traffic;
using AIHigress.Gateway.Hosting.Cluster;
using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.MockUpstream;
using AIHigress.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Providers.Health;

/// <summary>
/// A server that probes, with a clock that only tests move. It leads no job by itself: the tests make its looks, so that none
/// happens between two lines of a test. Each test has providers and models of its own.
/// </summary>
public abstract class HealthGateway(TestDatabase database) : IdentityGateway(database)
{
    private static int _names;
    private Api? _admin;
    private HttpClient? _client;
    private DateTimeOffset _signedInAt;

    public MockUpstreamServer Mock { get; private set; } = null!;

    internal Api Admin => _admin ?? throw new InvalidOperationException("Not started.");

    public static string NewName(string start) => $"{start}-{Interlocked.Increment(ref _names)}";

    public override async ValueTask InitializeAsync()
    {
        Mock = await MockUpstreamHost.StartAsync(new MockUpstreamOptions { ApiKeys = ["sk-upstream-key-0001"] });
        Settings["ENABLE_PROVIDER_HEALTH_CHECK"] = "true";
        ReplaceServices = services => services.AddSingleton<ILeadership>(new NoLeader());
        await base.InitializeAsync();
        await SignInAgainAsync();
        var key = await Admin.PostAsync("/api/v1/api-keys", new { name = "tests" });
        key.MustBe(201);
        _client = CreateClient();
        _client.DefaultRequestHeaders.Authorization = new("Bearer", key.Text("token"));
        await Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: false, CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await base.DisposeAsync();
        await Mock.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A platform provider at the mock with one model, named like the provider.</summary>
    internal async Task<string> AddProviderAsync(string start, object? probe = null)
    {
        var id = NewName(start);
        var answer = await Admin.PostAsync("/api/v1/providers", new
        {
            id,
            name = id,
            base_url = Mock.OpenAIBaseUrl.AbsoluteUri,
            keys = new[] { new { label = "main", key = "sk-upstream-key-0001" } },
            models = new[] { id },
            probe,
        });
        answer.MustBe(201);
        return id;
    }

    /// <summary>What the leader does every tick, after all traffic so far was stored; the snapshots follow.</summary>
    public async Task LookAsync(TimeSpan? later = null)
    {
        Clock.Advance(later ?? TimeSpan.Zero);
        if (Clock.GetUtcNow() - _signedInAt > TimeSpan.FromMinutes(20))
        {
            await SignInAgainAsync();
        }

        await Services.GetRequiredService<TrafficWriter>().StoreAsync(CancellationToken.None);
        await Services.GetRequiredService<HealthWorker>().RunAsync(CancellationToken.None);
        await Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: false, CancellationToken.None);
    }

    /// <summary>Waits out the longest (jittered) interval and looks, several times.</summary>
    public async Task LookForProbesAsync(int times, int intervalSeconds = 300)
    {
        for (var i = 0; i < times; i++)
        {
            await LookAsync(TimeSpan.FromSeconds((intervalSeconds * 1.1) + 1));
        }
    }

    /// <summary>A client's chat; the status and who answered.</summary>
    public async Task<(int Status, string? ServedBy)> ChatAsync(string model, bool stream = false)
    {
        using var answer = await _client!.PostAsJsonAsync(
            "/v1/chat/completions", new { model, stream, messages = new[] { new { role = "user", content = "Say something." } } });
        await answer.Content.ReadAsByteArrayAsync();
        return ((int)answer.StatusCode, answer.Headers.TryGetValues("X-Served-By", out var by) ? by.First() : null);
    }

    internal async Task<Answer> HealthAsync(string id, string query = "")
    {
        var answer = await Admin.GetAsync($"/api/v1/providers/{id}/health{query}");
        answer.MustBe(200);
        return answer;
    }

    internal async Task<string> StateAsync(string id) => (await HealthAsync(id)).Text("health");

    internal async Task<Answer> ProviderAsync(string id) => await Admin.GetAsync($"/api/v1/providers/{id}");

    private async Task SignInAgainAsync()
    {
        _admin = (await SignInAsAdministratorAsync()).Api;
        _signedInAt = Clock.GetUtcNow();
    }

    private sealed class NoLeader : ILeadership
    {
        public bool Leads(string job) => false;
    }
}

public sealed class HealthOverSqlite() : HealthGateway(TestDatabase.Sqlite);

public sealed class HealthOverPostgres() : HealthGateway(TestDatabase.Postgres);
