using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AIHigress.TestKit;

/// <summary>
/// The built server as a process of its own, as an operator runs it: environment, arguments, signals, exit code and
/// what it prints. It never inherits settings from the machine's environment.
/// </summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private const int Sigint = 2;
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "LANG"];
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process, string? address)
    {
        _process = process;
        Address = address ?? "";
        process.OutputDataReceived += (_, e) => Take(_output, e.Data);
        process.ErrorDataReceived += (_, e) => Take(_error, e.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _ready.TrySetResult();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>http://127.0.0.1:PORT, for a server started by <see cref="StartAsync"/>.</summary>
    public string Address { get; }

    public int Id => _process.Id;

    public string Output => Text(_output);

    public string Error => Text(_error);

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the server on a free port and waits until it says that it is ready.</summary>
    /// <param name="dataDir">DATA_DIR.</param>
    /// <param name="environment">Further settings.</param>
    /// <param name="arguments">Command line.</param>
    public static async Task<GatewayProcess> StartAsync(string dataDir, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments)
    {
        for (var tries = 1; ; tries++)
        {
            var all = new Dictionary<string, string>(environment ?? new Dictionary<string, string>());
            all.TryAdd("DATA_DIR", dataDir);
            var isOurPort = all.TryAdd("PORT", FreePort.Next().ToString(CultureInfo.InvariantCulture));
            var gateway = Launch(dataDir, all, arguments, $"http://127.0.0.1:{all["PORT"]}");
            await gateway._ready.Task.WaitAsync(Timeouts.Wait);
            if (!gateway.HasExited)
            {
                return gateway;
            }

            await gateway._process.WaitForExitAsync();
            var said = $"The server ended at its start.\n{gateway.Output}\n{gateway.Error}";
            await gateway.DisposeAsync();

            // Another process of this machine was faster with the port.
            if (!isOurPort || tries == 3 || !said.Contains("aihigress: PORT (or --urls)", StringComparison.Ordinal))
            {
                throw new InvalidOperationException(said);
            }
        }
    }

    /// <summary>Runs a command, or a start that is expected to fail, to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string workingDirectory, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments)
    {
        await using var gateway = Launch(workingDirectory, environment ?? new Dictionary<string, string>(), arguments, null);
        var exitCode = await gateway.WaitForExitAsync();
        return (exitCode, gateway.Output, gateway.Error);
    }

    /// <summary>Asks the server to end, as a service manager does.</summary>
    public void Terminate() => Signal(Sigterm);

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Signal(Sigint);

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public async Task<int> WaitForExitAsync()
    {
        using var timeout = new CancellationTokenSource(Timeouts.Wait);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException e)
        {
            Kill();
            throw new TimeoutException($"The server did not end.\n{Output}\n{Error}", e);
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static GatewayProcess Launch(string workingDirectory, IReadOnlyDictionary<string, string> environment, string[] arguments, string? address)
    {
        // A test run in the background of a script ignores SIGINT, and what it starts would inherit that.
        var info = new ProcessStartInfo("env")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory,
        };
        info.ArgumentList.Add("--default-signal=INT,QUIT,TERM");
        info.ArgumentList.Add("dotnet");
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "aihigress.dll"));
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var name in info.Environment.Keys.Except(Inherited).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return new GatewayProcess(new Process { StartInfo = info }, address);
    }

    private void Take(StringBuilder text, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (text)
        {
            text.AppendLine(line);
        }

        // The last line of what a ready server prints.
        if (line.EndsWith("Stop with Ctrl-C.", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private void Signal(int signal)
    {
        if (kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"kill({_process.Id}, {signal}) failed with {Marshal.GetLastPInvokeError()}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
