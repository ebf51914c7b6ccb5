using System.Globalization;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Passwords;
using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.IntegrationTests.Identity;

/// <summary>
/// One server per database for the identity tests, with a clock that only tests move and an administrator. The clock
/// also drives the look at the database every five seconds, so what acts here acts because it was pushed.
/// </summary>
public abstract class IdentityGateway : GatewayFactory
{
    public const string AdminEmail = "admin@example.test";
    public const string AdminPassword = "Planted-4dmin-Passphrase";
    private static int _users;

    protected IdentityGateway(TestDatabase database)
        : base(database)
    {
        Clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        Time = Clock;
        Settings["DEFAULT_ADMIN_EMAIL"] = AdminEmail;
        Settings["DEFAULT_ADMIN_PASSWORD"] = AdminPassword;

        // All requests come from one address here; the limit per address has a server of its own.
        Settings["AUTH_LOGIN_LIMIT"] = "100000/60";
        Settings["MANAGEMENT_LIMIT"] = "100000/60";
    }

    public FakeTimeProvider Clock { get; }

    internal Api NewApi() => new(CreateClient(new() { HandleCookies = false, AllowAutoRedirect = false }));

    /// <summary>A new active user whose password is <see cref="TestUser.Password"/>.</summary>
    internal async Task<TestUser> AddUserAsync(bool isSuperuser = false)
    {
        var number = Interlocked.Increment(ref _users).ToString(CultureInfo.InvariantCulture);
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        var faults = new FieldErrors();
        var test = new TestUser(Guid.Empty, $"person{number}", $"person{number}@example.test", $"Planted-Passphrase-{number}-x");
        var user = await scope.ServiceProvider.GetRequiredService<NewUsers>().AddAsync(test.Username, test.Email, test.Password, null, faults);
        faults.ThrowIfAny();
        user!.IsSuperuser = isSuperuser;
        await scope.ServiceProvider.GetRequiredService<ChangeWriter>().SaveAsync(db, new Actor(null, "test"), [], CancellationToken.None);
        await Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: false, CancellationToken.None);
        return test with { Id = user.Id };
    }

    /// <summary>A new user with a session.</summary>
    internal async Task<SignedInUser> AddSignedInUserAsync(bool isSuperuser = false)
    {
        var user = await AddUserAsync(isSuperuser);
        return await SignInAsync(user);
    }

    internal async Task<SignedInUser> SignInAsync(TestUser user)
    {
        var answer = await NewApi().PostAsync("/api/v1/auth/login", new { email = user.Email, password = user.Password, delivery = "body" });
        Assert.Equal(200, answer.Status);
        return new SignedInUser(user, answer.Text("access_token"), answer.Text("refresh_token"), NewApi().With(answer.Text("access_token")));
    }

    internal async Task<SignedInUser> SignInAsAdministratorAsync() =>
        await SignInAsync(new TestUser(Guid.Empty, "admin", AdminEmail, AdminPassword));

    /// <summary>Works on the database as another part of the server would.</summary>
    internal async Task<T> InDatabaseAsync<T>(Func<GatewayDbContext, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<GatewayDbContext>());
    }

    /// <summary>Changes what the context tracks, and commits it the way every change is committed.</summary>
    internal Task ChangeAsync(Func<GatewayDbContext, Task> change) => InDatabaseAsync(async db =>
    {
        await change(db);
        await Services.GetRequiredService<ChangeWriter>().SaveAsync(db, new Actor(null, "test"), [], CancellationToken.None);
        return true;
    });

    internal Task<int> LivingSessionsAsync(Guid userId) =>
        InDatabaseAsync(db => db.Sessions.CountAsync(s => s.UserId == userId && s.EndedAt == null));

    internal ApiCaller? FindKey(string token) => Services.GetRequiredService<ApiKeySnapshots>().Current.Find(token);
}

public sealed class IdentityOverSqlite() : IdentityGateway(TestDatabase.Sqlite)
{
    public const string Name = "Identity over SQLite";
}

public sealed class IdentityOverPostgres() : IdentityGateway(TestDatabase.Postgres)
{
    public const string Name = "Identity over PostgreSQL";
}

[CollectionDefinition(IdentityOverSqlite.Name)]
public sealed class SqliteIdentityTests : ICollectionFixture<IdentityOverSqlite>;

[CollectionDefinition(IdentityOverPostgres.Name)]
public sealed class PostgresIdentityTests : ICollectionFixture<IdentityOverPostgres>;

internal sealed record TestUser(Guid Id, string Username, string Email, string Password);

internal sealed record SignedInUser(TestUser User, string AccessToken, string RefreshToken, Api Api);
