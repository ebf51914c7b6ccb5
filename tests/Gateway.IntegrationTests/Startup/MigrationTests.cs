using AIHigress.Gateway.Data;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Startup;

public abstract class MigrationTests(GatewayFactory gateway)
{
    [Fact]
    public async Task Start_EmptyDatabase_HasEveryTableAndNothingPending()
    {
        await using var scope = gateway.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();

        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.False(db.Database.HasPendingModelChanges());
        foreach (var entity in db.Model.GetEntityTypes().Where(e => !e.IsOwned()))
        {
            var table = entity.GetTableName()!;
            var count = "SELECT CAST(COUNT(*) AS INTEGER) AS \"Value\" FROM " + table + " WHERE 1 = 0";
            Assert.Equal(0, await db.Database.SqlQueryRaw<int>(count).SingleAsync());
        }
    }
}

public sealed class SqliteMigrationTests(SqliteGateway gateway) : MigrationTests(gateway), IClassFixture<SqliteGateway>;

public sealed class PostgresMigrationTests(PostgresGateway gateway) : MigrationTests(gateway), IClassFixture<PostgresGateway>;
