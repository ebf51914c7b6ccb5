using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;
using Npgsql;

namespace AIHigress.Gateway.IntegrationTests.Providers.Health;

/// <summary>Two replicas as processes over one database: one of them probes, and both judge by what both saw.</summary>
public sealed class ReplicaProbeTests
{
    [Fact]
    public async Task TwoReplicas_OneProbePerInterval_CountsAreAddedUpAndTheOtherTakesOver()
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var siteOne = Site(mock, database, "one");
        await using var siteTwo = Site(mock, database, "two");
        var one = await siteOne.StartAsync();
        var two = await siteTwo.StartAsync();

        for (var probes = 1; probes <= 3; probes++)
        {
            await Eventually.TrueAsync(() => mock.Requests("m").Count >= probes, $"probe {probes} came");
            await EndIntervalAsync(database);
        }

        await Eventually.TrueAsync(() => mock.Requests("m").Count >= 4, "the fourth probe came");
        using var http = new HttpClient { BaseAddress = new Uri(two.Address) };
        var admin = await SignInAsync(http);
        await Eventually.TrueAsync(async () => (await admin.GetAsync("/api/v1/providers/up")).Text("health") == "healthy", "the probes were good");

        mock.Script("m", new Behaviour { Status = 500 });
        await FailTenAsync(one);
        await FailTenAsync(two);
        await Eventually.TrueAsync(async () => (await admin.GetAsync("/api/v1/providers/up/health")).Text("reason") == "error_rate", "ten and ten failures are twenty");

        // Four intervals, four probes, though two replicas looked every second.
        Assert.Equal(4 + 20, mock.Requests("m").Count);
        var leader = await LeaderAsync(database);
        (leader == "one" ? one : two).Kill();
        mock.Script("m", new Behaviour());
        await EndIntervalAsync(database);
        await Eventually.TrueAsync(() => mock.Requests("m").Count > 24, "the other replica probes");

        await Eventually.TrueAsync(async () => await LeaderAsync(database) != leader, "the other replica leads");
        Assert.Equal(25, mock.Requests("m").Count);
    }

    private static GatewaySite Site(MockUpstreamServer mock, string database, string replica)
    {
        var declaration = new GatewayDeclaration().Provider("up", mock.OpenAIBaseUrl).Model("m", ("up", "m"));
        declaration.Environment["SECRET_KEY"] = "a-secret-key-that-two-replicas-share-0123456789";
        declaration.Environment["ENABLE_PROVIDER_HEALTH_CHECK"] = "true";
        declaration.Environment["PROVIDER_HEALTH_TICK_SECONDS"] = "1";
        declaration.Environment["JOB_LEASE_SECONDS"] = "2";
        declaration.Environment["REPLICA_ID"] = replica;
        return new GatewaySite(declaration, database);
    }

    private static async Task FailTenAsync(GatewayProcess gateway)
    {
        using var client = new ChatClient(gateway.Address, GatewaySite.Key);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(502, (await client.AskAsync("m")).Status);
        }
    }

    private static async Task<Api> SignInAsync(HttpClient http)
    {
        var api = new Api(http);
        var answer = await api.PostAsync("/api/v1/auth/login", new { email = GatewayDeclaration.AdminEmail, password = GatewayDeclaration.AdminPassword });
        answer.MustBe(200);
        return api.With(answer.Text("access_token"));
    }

    /// <summary>As if five minutes were over.</summary>
    private static async Task EndIntervalAsync(string database) => await QueryAsync(database, "UPDATE provider_health SET probe_due_at = now() - interval '1 minute'");

    private static async Task<string?> LeaderAsync(string database) =>
        (await QueryAsync(database, "SELECT split_part(holder, '/', 1) FROM leases WHERE name = 'provider-probe'")) as string;

    private static async Task<object?> QueryAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.ConnectionString(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
