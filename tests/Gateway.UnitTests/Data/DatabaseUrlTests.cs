using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.Hosting.Settings;
using Npgsql;

namespace AIHigress.Gateway.UnitTests.Data;

public sealed class DatabaseUrlTests
{
    [Theory]
    [InlineData(null, "/srv/data/aihigress.db")]
    [InlineData("", "/srv/data/aihigress.db")]
    [InlineData("sqlite:////var/lib/aih/x.db", "/var/lib/aih/x.db")]
    [InlineData("sqlite:////var/lib/a%20b/%E4%BD%A0.db", "/var/lib/a b/你.db")]
    [InlineData("SQLITE:////x.db", "/x.db")]
    [InlineData("sqlite+aiosqlite:////x.db", "/x.db")]
    public void Parse_Sqlite_NamesTheFile(string? url, string file)
    {
        var parsed = DatabaseUrl.Parse(url, "/srv/data", 30);

        Assert.Equal(DatabaseKind.Sqlite, parsed.Kind);
        Assert.Equal(file, parsed.SqliteFile);
        Assert.Contains(file, parsed.Display, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SqliteThreeSlashes_IsRelativeToTheWorkingDirectory() =>
        Assert.Equal(Path.GetFullPath("data/x.db"), DatabaseUrl.Parse("sqlite:///data/x.db", "/srv/data", 30).SqliteFile);

    [Theory]
    [InlineData("postgres://app:pw@db.example.com:6432/gateway", "db.example.com", 6432, "app", "pw", "gateway")]
    [InlineData("postgresql://app:p%40ss%3Aw%2Ford@db/gate%20way", "db", 5432, "app", "p@ss:w/ord", "gate way")]
    [InlineData("postgresql+psycopg://app:p@ss@[::1]:5433/g", "::1", 5433, "app", "p@ss", "g")]
    [InlineData("postgres://db/g", "db", 5432, null, null, "g")]
    [InlineData("postgres:///g?host=/var/run/postgresql", "/var/run/postgresql", 5432, null, null, "g")]
    [InlineData("postgres://u:a%25b@db/g", "db", 5432, "u", "a%b", "g")]
    public void Parse_Postgres_ReadsEveryPart(string url, string host, int port, string? user, string? password, string name)
    {
        var parsed = DatabaseUrl.Parse(url, "/srv/data", 17);
        var connection = new NpgsqlConnectionStringBuilder(parsed.ConnectionString);

        Assert.Equal(DatabaseKind.Postgres, parsed.Kind);
        Assert.Equal((host, port, user, password, name), (connection.Host, connection.Port, connection.Username, connection.Password, connection.Database));
        Assert.Equal(17, connection.MaxPoolSize);
        Assert.True(password is null || !parsed.Display.Contains(password, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_PostgresParameters_AreTakenOver()
    {
        var parsed = DatabaseUrl.Parse("postgres://u@db/g?sslmode=verify-full&connect_timeout=9&application_name=x", "/srv", 30);
        var connection = new NpgsqlConnectionStringBuilder(parsed.ConnectionString);

        Assert.Equal((SslMode.VerifyFull, 9, "x"), (connection.SslMode, connection.Timeout, connection.ApplicationName));
    }

    [Theory]
    [InlineData("mysql://u:hunter2@db/g")]
    [InlineData("u:hunter2@db")]
    [InlineData("postgres://u:hunter2@db")]
    [InlineData("postgres://u:hunter2@db/")]
    [InlineData("postgres://u:hunter2@db:0/g")]
    [InlineData("postgres://u:hunter2@db:x/g")]
    [InlineData("postgres://u:hunter2%zz@db/g")]
    [InlineData("postgres://u:hunter2@db/g?nonsense=1")]
    [InlineData("postgres://db/g?password=hunter2&nonsense=1")]
    [InlineData("sqlite://x.db")]
    [InlineData("sqlite:///")]
    [InlineData("sqlite:///:memory:")]
    [InlineData("nonsense")]
    public void Parse_Bad_NamesTheSettingAndHidesThePassword(string url)
    {
        var fault = Assert.Throws<SettingException>(() => DatabaseUrl.Parse(url, "/srv/data", 30));

        Assert.Equal("DATABASE_URL", fault.Setting);
        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }
}
