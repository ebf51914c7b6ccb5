using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Startup;

public sealed class StartFailureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string DataDir => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(new[] { "--port", "99999" }, new[] { "--port", "'99999'", "0…65535" })]
    [InlineData(new[] { "--port", "abc" }, new[] { "--port", "'abc'", "whole number" })]
    [InlineData(new[] { "--log-level", "LOUD" }, new[] { "--log-level", "'LOUD'", "INFO" })]
    [InlineData(new[] { "--demo-mode", "maybe" }, new[] { "--demo-mode", "'maybe'", "true or false" })]
    [InlineData(new[] { "--prot", "8000" }, new[] { "--prot", "did you mean --port?" })]
    [InlineData(new[] { "--port" }, new[] { "--port" })]
    [InlineData(new[] { "sevre" }, new[] { "sevre" })]
    [InlineData(new[] { "--urls", "nonsense" }, new[] { "--urls", "nonsense" })]
    public Task CommandLine_WrongOption_IsNamedInOneLine(string[] arguments, string[] parts) =>
        Starts.AssertFailsAsync(_folder.Path, new() { ["DATA_DIR"] = DataDir }, arguments, parts);

    [Theory]
    [InlineData("PORT", "eighty", "0…65535")]
    [InlineData("LOG_FORMAT", "xml", "json")]
    [InlineData("ENABLE_API_DOCS", "perhaps", "true or false")]
    [InlineData("SHUTDOWN_GRACE_SECONDS", "-1", "0…3600")]
    [InlineData("TRUSTED_PROXIES", "10.0.0.0/8,proxy", "'proxy'")]
    [InlineData("CORS_ALLOW_ORIGINS", "example.com", "'example.com'")]
    [InlineData("PROMETHEUS_LISTEN", "everywhere", "127.0.0.1:9464")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "http://127.0.0.1:4317")]
    public Task Environment_WrongValue_IsNamedWithItsRule(string name, string value, string rule) =>
        Starts.AssertFailsAsync(_folder.Path, Starts.With(DataDir, (name, value)), [], name, rule);

    [Fact]
    public async Task DotEnv_WrongValue_StopsTheStart()
    {
        await File.WriteAllTextAsync(_folder.File(".env"), "MAX_ATTEMPTS=0\n");

        await Starts.AssertFailsAsync(_folder.Path, Starts.With(DataDir), [], "MAX_ATTEMPTS", "1…20");
    }

    [Fact]
    public async Task Port_TakenByAnother_IsNamed()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await Starts.AssertFailsAsync(_folder.Path, Starts.With(DataDir, ("PORT", port)), [], "PORT", port);
    }

    [Fact]
    public async Task DataDir_NotWritable_IsNamed()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "in the way");

        await Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.File("file")), [], "DATA_DIR", _folder.File("file"));
        await Starts.AssertFailsAsync(_folder.Path, Starts.With("/proc/aihigress"), [], "DATA_DIR", "/proc/aihigress");
    }

    [Fact]
    public async Task DataDir_UsedByAnotherServer_NamesItsProcess()
    {
        await using var first = await GatewayProcess.StartAsync(DataDirMade());

        await Starts.AssertFailsAsync(
            _folder.Path, Starts.With(DataDir), [], "DATA_DIR", first.Id.ToString(CultureInfo.InvariantCulture));

        Assert.False(first.HasExited);
        first.Terminate();
        Assert.Equal(0, await first.WaitForExitAsync());
    }

    [Theory]
    [InlineData("mysql://root:hunter2@db/x", "sqlite:///")]
    [InlineData("postgres://app:hunter2@db:99999/x", "port")]
    [InlineData("postgres://app:hunter2@127.0.0.1:5432/", "name of the database")]
    [InlineData("sqlite://data.db", "sqlite:///relative")]
    [InlineData("sqlite:///:memory:", "file")]
    public async Task DatabaseUrl_NotUnderstood_IsExplainedWithoutItsPassword(string url, string rule)
    {
        var line = await Starts.AssertFailsAsync(_folder.Path, Starts.With(DataDir, ("DATABASE_URL", url)), [], "DATABASE_URL", rule);

        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cache.example.com:6379", "redis://host:6379/0")]
    [InlineData("redis://app:hunter2@cache/first", "number of a database")]
    public async Task RedisUrl_NotUnderstood_IsExplainedWithoutItsPassword(string url, string rule)
    {
        var line = await Starts.AssertFailsAsync(_folder.Path, Starts.With(DataDir, ("REDIS_URL", url)), [], "REDIS_URL", rule);

        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(DataDir, "aihigress.db")), "a start that is refused writes nothing");
    }

    [Fact]
    public async Task DatabaseUrl_NobodyListens_IsExplainedWithoutItsPassword()
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"postgres://app:hunter2@127.0.0.1:{FreePort.OfNobody()}/gateway");

        var line = await Starts.AssertFailsAsync(_folder.Path, Starts.With(DataDir, ("DATABASE_URL", url)), [], "DATABASE_URL", "app@127.0.0.1");

        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DatabaseUrl_NoSuchDatabase_IsExplained()
    {
        var server = await PostgresServer.SharedAsync();
        var url = string.Create(CultureInfo.InvariantCulture, $"postgres://postgres@127.0.0.1:{server.Port}/missing");

        await Starts.AssertFailsAsync(_folder.Path, Starts.With(DataDir, ("DATABASE_URL", url)), [], "DATABASE_URL", "missing");
    }

    [Fact]
    public async Task SqliteFile_IsNoDatabase_IsExplainedAndKept()
    {
        await File.WriteAllTextAsync(_folder.File("notes.db"), new string('x', 5000));

        await Starts.AssertFailsAsync(
            _folder.Path, Starts.With(DataDir, ("DATABASE_URL", "sqlite:///notes.db")), [], "DATABASE_URL", "notes.db");

        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(_folder.File("notes.db")));
    }

    private string DataDirMade() => Directory.CreateDirectory(DataDir).FullName;
}
