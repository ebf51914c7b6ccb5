using System.Net;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Hosting;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_RunningServer_AnswersWithoutDetail()
    {
        await using var server = await BareServer.StartAsync();
        await server.Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: true, CancellationToken.None);

        Assert.Equal("{\"status\":\"ok\"}", await server.Client.GetStringAsync("/health"));
        Assert.Equal("{\"status\":\"ok\"}", await server.Client.GetStringAsync("/health/live"));
        Assert.Equal("{\"status\":\"ok\"}", await server.Client.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task Ready_SnapshotsNotLoaded_Is503ButAlive()
    {
        await using var server = await BareServer.StartAsync(services: s => s.AddSingleton<ISnapshotSource, NeverLoads>());
        using var ready = await server.Client.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("{\"status\":\"ok\"}", await server.Client.GetStringAsync("/health/live"));
    }

    [Fact]
    public async Task Ready_JournalNotWritable_Is503()
    {
        await using var server = await BareServer.StartAsync(services: s => s.AddSingleton<IUsageJournal, FullJournal>());
        await server.Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: true, CancellationToken.None);
        using var ready = await server.Client.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("journal", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_DatabaseLost_StaysReadyAndSaysSo()
    {
        var postgres = await PostgresServer.StartAsync();
        await using var gateway = await BareServer.StartAsync(settings: ("DATABASE_URL", await postgres.CreateDatabaseAsync()));
        await gateway.Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: true, CancellationToken.None);
        postgres.Stop();
        gateway.Services.GetRequiredService<ChangeFeed>().Signal();

        await Eventually.TrueAsync(
            async () => await gateway.Client.GetStringAsync("/health/ready") == "{\"status\":\"degraded\",\"degraded\":[\"database\"]}",
            "the server is ready without its database");
    }

    private sealed class NeverLoads : ISnapshotSource
    {
        public Task<Action> PrepareAsync(GatewayDbContext db, long version, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("not yet");
    }

    private sealed class FullJournal : IUsageJournal
    {
        public bool IsWritable => false;

        public Task AppendAsync(UsageRecord record) => throw new JournalUnavailableException("full");
    }
}
