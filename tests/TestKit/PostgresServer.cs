using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace AIHigress.TestKit;

/// <summary>
/// A real PostgreSQL server of this test process: started once, on a free port, in a temporary folder, without fsync (what is committed outlives a halt of the server, not of the machine);
/// each user of it gets a database of its own. Tests fail when it can't start; they are never skipped.
/// </summary>
public sealed class PostgresServer
{
    private static readonly Lock Gate = new();
    private static Task<PostgresServer>? _shared;
    private static int _databases;
    private readonly string _folder;
    private Process _process;
    private Task<string> _log;

    private PostgresServer(string folder, int port, Process process)
    {
        _folder = folder;
        Port = port;
        _process = process;
        _log = DrainAsync(process);
    }

    public int Port { get; }

    /// <summary>The server that all tests of this process share.</summary>
    public static Task<PostgresServer> SharedAsync()
    {
        lock (Gate)
        {
            return _shared ??= StartAsync();
        }
    }

    /// <summary>A new empty database; its DATABASE_URL.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return $"postgres://postgres@127.0.0.1:{Port}/{name}";
    }

    /// <summary>The driver's form of a URL made by <see cref="CreateDatabaseAsync"/>.</summary>
    public static string ConnectionString(string url)
    {
        var uri = new Uri(url);
        return $"Host={uri.Host};Port={uri.Port};Username=postgres;Database={uri.AbsolutePath.TrimStart('/')};Pooling=false";
    }

    /// <summary>Starts a server that the caller may stop and start again; most tests want <see cref="SharedAsync"/>.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var bin = FindBinaries();
        var folder = Path.Combine(Path.GetTempPath(), $"aihigress-pg-{Guid.NewGuid():N}");
        var port = FreePort.Next();
        await RunAsync(AsPostgres($"{bin}/initdb", "-D", folder, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"));
        var server = new PostgresServer(folder, port, Launch(folder, port));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Stop();
        await server.WaitUntilReadyAsync();
        return server;
    }

    /// <summary>Ends the server at once; its data stay for <see cref="StartAgainAsync"/>.</summary>
    public Task HaltAsync() => RunAsync(AsPostgres($"{FindBinaries()}/pg_ctl", "-D", _folder, "-m", "immediate", "-w", "stop"));

    /// <summary>Starts the halted server on the same port and data.</summary>
    public Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Launch(_folder, Port);
        _log = DrainAsync(_process);
        return WaitUntilReadyAsync();
    }

    /// <summary>Ends the server at once and removes its folder.</summary>
    public void Stop()
    {
        if (!_process.HasExited)
        {
            using var stop = Process.Start(AsPostgres($"{FindBinaries()}/pg_ctl", "-D", _folder, "-m", "immediate", "-w", "stop"));
            stop?.WaitForExit((int)Timeouts.Wait.TotalMilliseconds);
        }

        using var remove = Process.Start(AsPostgres("/bin/rm", "-rf", _folder));
        remove?.WaitForExit((int)Timeouts.Wait.TotalMilliseconds);
    }

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString($"postgres://postgres@127.0.0.1:{Port}/{database}"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task WaitUntilReadyAsync()
    {
        await Eventually.TrueAsync(
            async () =>
            {
                if (_process.HasExited)
                {
                    throw new InvalidOperationException($"PostgreSQL ended at its start: {await _log}");
                }

                try
                {
                    await ExecuteAsync("postgres", "SELECT 1");
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            "PostgreSQL answers");
    }

    private static Process Launch(string folder, int port) => Process.Start(AsPostgres(
        $"{FindBinaries()}/postgres", "-D", folder, "-k", folder, "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture),
        "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=300"))
        ?? throw new InvalidOperationException("postgres did not start");

    private static string FindBinaries()
    {
        const string root = "/usr/lib/postgresql";
        var versions = Directory.Exists(root) ? Directory.GetDirectories(root) : [];
        return versions.Select(v => Path.Combine(v, "bin")).Where(b => File.Exists(Path.Combine(b, "postgres"))).Order().LastOrDefault()
            ?? throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql (the tests need the real server)");
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static ProcessStartInfo AsPostgres(string program, params string[] arguments)
    {
        var isRoot = Environment.UserName == "root";
        var info = new ProcessStartInfo(isRoot ? "runuser" : program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        string[] all = isRoot ? ["-u", "postgres", "--", program, .. arguments] : arguments;
        foreach (var argument in all)
        {
            info.ArgumentList.Add(argument);
        }

        return info;
    }

    private static async Task RunAsync(ProcessStartInfo info)
    {
        using var process = Process.Start(info) ?? throw new InvalidOperationException($"{info.FileName} did not start");
        var log = DrainAsync(process);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', info.ArgumentList)} failed: {await log}");
        }
    }

    private static async Task<string> DrainAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        return await output + await error;
    }
}
