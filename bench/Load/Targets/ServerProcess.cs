using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AIHigress.Load.Client;

namespace AIHigress.Load.Targets;

/// <summary>
/// A server of the bench in a process of its own, its output in a file. Ends with this object, and also when the bench
/// is killed: a watcher holds the other end of a pipe of ours.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly Process _watcher;
    private readonly string _log;

    private ServerProcess(string name, Process process, Process watcher, IPEndPoint address, string log)
    {
        Name = name;
        _process = process;
        _watcher = watcher;
        Address = address;
        _log = log;
    }

    public string Name { get; }

    public IPEndPoint Address { get; }

    /// <summary>CPU time of the process and its children so far.</summary>
    public TimeSpan Cpu => ProcessCpu.Read(_process.Id);

    /// <summary>Memory that it has in RAM now.</summary>
    public double ResidentMib
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024.0;
        }
    }

    /// <summary>A loopback address that was free a moment ago.</summary>
    public static IPEndPoint FreeAddress()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return (IPEndPoint)socket.LocalEndpoint;
    }

    public static Task<ServerProcess> StartAsync(string name, IPEndPoint address, string folder, string program, params string[] arguments) =>
        StartAsync(name, address, folder, new Dictionary<string, string>(), program, arguments);

    /// <summary>Starts the program in a folder of its own and waits until it takes connections at <paramref name="address"/>.</summary>
    public static async Task<ServerProcess> StartAsync(
        string name, IPEndPoint address, string folder, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var log = Path.Combine(folder, $"{name}.log");
        // exec keeps the process id: what is measured is the server, not a shell.
        var process = StartShell("exec \"$@\" >\"$0\" 2>&1", folder, environment, [log, program, .. arguments]);
        var watcher = StartShell("cat >/dev/null; kill -9 \"$0\"", folder, environment, [$"{process.Id}"]);
        var server = new ServerProcess(name, process, watcher, address, log);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="InvalidOperationException">It ended by itself.</exception>
    public void RequireRunning()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"{Name} ended with code {_process.ExitCode}: {LastOutput()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // First the watcher: process ids are used again.
        _watcher.Kill(entireProcessTree: true);
        await _watcher.WaitForExitAsync();
        _watcher.Dispose();
        if (!_process.HasExited)
        {
            Posix.Terminate(_process.Id);
            using var limit = new CancellationTokenSource(StopLimit);
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static Process StartShell(string script, string folder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var info = new ProcessStartInfo("/bin/sh", ["-c", script, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach (var name in info.Environment.Keys.Where(name => !IsPassedOn(name)).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info) ?? throw new InvalidOperationException("/bin/sh did not start");
    }

    // Whoever runs the bench may have settings of a gateway in the environment; the run must not depend on them.
    private static bool IsPassedOn(string name) =>
        name is "PATH" or "HOME" or "TMPDIR" or "LANG" || name.StartsWith("DOTNET_", StringComparison.Ordinal);

    private async Task WaitUntilReadyAsync()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            RequireRunning();
            using var socket = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(Address);
                return;
            }
            catch (SocketException) when (clock.Elapsed < StartLimit)
            {
                await Task.Delay(Pause);
            }
            catch (SocketException e)
            {
                throw new TimeoutException($"{Name} takes no connections after {StartLimit.TotalSeconds} s: {LastOutput()}", e);
            }
        }
    }

    private string LastOutput() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(20)) : "no output";
}
