using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace AIHigress.TestKit;

/// <summary>
/// A real Redis server on a free port, without persistence. Most tests share one and each takes a database of its own;
/// a test that stops Redis starts its own. Tests fail when it can't start; they are never skipped.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const int Databases = 512;
    private static readonly Lock Gate = new();
    private static Task<RedisServer>? _shared;
    private static int _taken = -1;
    private Process _process;
    private volatile bool _disposed;

    private RedisServer(int port, Process process)
    {
        Port = port;
        _process = process;
    }

    public int Port { get; }

    /// <summary>REDIS_URL of database 0.</summary>
    public string Url => UrlOf(0);

    /// <summary>The server that all tests of this process share.</summary>
    public static Task<RedisServer> SharedAsync()
    {
        lock (Gate)
        {
            return _shared ??= StartAsync();
        }
    }

    /// <summary>REDIS_URL of an empty database of the shared server that nobody else has.</summary>
    public static async Task<string> FreshUrlAsync()
    {
        var server = await SharedAsync();
        var number = Interlocked.Increment(ref _taken);
        return number < Databases ? server.UrlOf(number) : throw new InvalidOperationException("The shared Redis has no database left.");
    }

    /// <summary>Starts a server that the caller may stop, freeze and start again.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var port = FreePort.Next();
        var server = new RedisServer(port, Launch(port));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Kill();
        await server.WaitUntilReadyAsync();
        return server;
    }

    public string UrlOf(int database) => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{Port}/{database}");

    /// <summary>Ends the server at once; all it held is gone.</summary>
    public void Halt()
    {
        Kill();
        _process.WaitForExit((int)Timeouts.Wait.TotalMilliseconds);
    }

    /// <summary>Starts the halted server on the same port, empty.</summary>
    public Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Launch(Port);
        return WaitUntilReadyAsync();
    }

    /// <summary>The server keeps its connections and answers nothing, until <see cref="Thaw"/>.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    public ValueTask DisposeAsync()
    {
        Kill();
        _disposed = true;
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Process Launch(int port)
    {
        var info = new ProcessStartInfo("redis-server") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--databases", Databases.ToString(CultureInfo.InvariantCulture), "--dir", Path.GetTempPath(),
        ];
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        var process = Process.Start(info) ?? throw new InvalidOperationException("redis-server did not start (apt-get install redis-server)");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private Task WaitUntilReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"redis-server ended at its start with {_process.ExitCode}.");
            }

            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                var stream = client.GetStream();
                await stream.WriteAsync("PING\r\n"u8.ToArray());
                var answer = new byte[16];
                return await stream.ReadAsync(answer) > 0 && answer[0] == (byte)'+';
            }
            catch (SocketException)
            {
                return false;
            }
        },
        "Redis answers");

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private void Kill()
    {
        // A frozen one takes only this signal, too. The handler of the process's end comes after those who disposed.
        if (!_disposed && !_process.HasExited)
        {
            _process.Kill();
        }
    }
}
