using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;
using Microsoft.Data.Sqlite;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>Without its database the gateway serves from memory; the journal keeps what there is to store.</summary>
public sealed class DatabaseAwayTests
{
    private const int Requests = 300;

    [Fact]
    public async Task Sqlite_LockedByAnother_TrafficGoesOnAndRowsArriveAfter()
    {
        await using var mock = await MockUpstreamProcess.StartAsync();
        await using var site = new GatewaySite(Declaration(mock));
        var gateway = await site.StartAsync();
        await using var holder = new SqliteConnection($"Data Source={site.DatabaseFile};Pooling=False;Default Timeout=30");
        await holder.OpenAsync();
        await using var command = holder.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        await command.ExecuteNonQueryAsync();

        var load = await ServeAsync(gateway);
        Assert.Equal(Requests, await site.JournaledAsync());

        command.CommandText = "ROLLBACK";
        await command.ExecuteNonQueryAsync();
        await AssertStoredAsync(site, load);
    }

    [Fact]
    public async Task Postgres_Stopped_TrafficGoesOnAndRowsArriveAfter()
    {
        await using var mock = await MockUpstreamProcess.StartAsync();
        var postgres = await PostgresServer.StartAsync();
        try
        {
            await using var site = new GatewaySite(Declaration(mock), await postgres.CreateDatabaseAsync());
            var gateway = await site.StartAsync();
            await postgres.HaltAsync();

            var load = await ServeAsync(gateway);
            Assert.Equal(Requests, await site.JournaledAsync());
            Assert.False(gateway.HasExited);

            await postgres.StartAgainAsync();
            await AssertStoredAsync(site, load);
        }
        finally
        {
            postgres.Stop();
        }
    }

    private static GatewayDeclaration Declaration(MockUpstreamProcess mock) => new GatewayDeclaration()
        .Provider("up", mock.OpenAIBaseUrl)
        .Model("plain", ("up", "mock-ok"))
        .Model("stream", ("up", "mock-chunks=4"));

    private static async Task<Load> ServeAsync(GatewayProcess gateway)
    {
        var load = new Load(gateway.Address, ("plain", false), ("stream", true));
        load.Start(clients: 10, Requests);
        await load.EndAsync();
        Assert.Empty(load.Failures);
        Assert.Empty(load.Cut);
        Assert.Equal(Requests, load.Whole.Count);
        return load;
    }

    private static async Task AssertStoredAsync(GatewaySite site, Load load)
    {
        await Eventually.TrueAsync(async () => await site.JournaledAsync() == 0, "the journal is stored");
        var rows = await site.Logs.AllAsync();
        Assert.Equal(load.Whole.Order(), rows.Select(r => Guid.Parse(r.ClientRequestId!)).Order());
        Assert.All(rows, r => Assert.True(r.Ok));
    }
}
