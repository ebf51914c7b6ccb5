using System.Diagnostics;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Control;

namespace AIHigress.TestKit;

/// <summary>
/// A mock upstream in a process of its own, for tests that kill it and for load. It ends with this object, and also
/// when this process ends without disposing it: its standard input is ours.
/// </summary>
public sealed class MockUpstreamProcess : IAsyncDisposable
{
    private const string ReadyMark = "MOCK READY ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private MockUpstreamProcess(Process process, Uri address)
    {
        _process = process;
        BaseAddress = address;
        OpenAIBaseUrl = new Uri(address, "/v1");
        Control = new MockControl(address);
    }

    /// <summary>The bare address.</summary>
    public Uri BaseAddress { get; }

    /// <summary>What an OpenAI SDK is to be pointed at.</summary>
    public Uri OpenAIBaseUrl { get; }

    public MockControl Control { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts the executable that was built beside the calling tests, or the one at <paramref name="assembly"/>.</summary>
    /// <remarks>Of the options, <see cref="MockUpstreamOptions.Time"/> cannot be handed to another process.</remarks>
    public static async Task<MockUpstreamProcess> StartAsync(MockUpstreamOptions? options = null, string? assembly = null)
    {
        assembly ??= Path.Combine(AppContext.BaseDirectory, "AIHigress.MockUpstream.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, .. Arguments(options ?? new MockUpstreamOptions()), "--stop-with-input"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        try
        {
            return new MockUpstreamProcess(process, await ReadAddressAsync(process));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Kills it (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static async Task<Uri> ReadAddressAsync(Process process)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var line = await process.StandardOutput.ReadLineAsync(limit.Token);
        return line?.StartsWith(ReadyMark, StringComparison.Ordinal) == true
            ? new Uri(line[ReadyMark.Length..])
            : throw new InvalidOperationException($"The mock upstream said '{line}' instead of being ready.");
    }

    private static List<string> Arguments(MockUpstreamOptions options)
    {
        List<string> arguments = ["--urls", options.Url, "--name", options.Name, "--models", string.Join(',', options.Models), "--page-size", options.PageSize.ToString()];
        arguments.AddRange(options.ApiKeys.SelectMany(key => new[] { "--api-key", key }));
        if (options.StrictModels)
        {
            arguments.Add("--strict-models");
        }

        if (!options.Journal)
        {
            arguments.Add("--no-journal");
        }

        return arguments;
    }
}
