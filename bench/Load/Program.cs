using System.Runtime.InteropServices;
using AIHigress.Load.Accounting;
using AIHigress.Load.Results;
using AIHigress.Load.Scenarios;
using AIHigress.Load.Targets;

namespace AIHigress.Load;

/// <summary>The bench: one run beside YARP and nginx. Exit code 1 when a request failed or the accounting differs.</summary>
internal static class Program
{
    private const string Usage = "usage: AIHigress.Load [--rounds N] [--quick] [--only SCENARIO] [--no-write]";
    private const int FewestRounds = 3;

    public static async Task<int> Main(string[] args)
    {
        if (args is [YarpServer.Command, var url, .. var destinations])
        {
            return await YarpServer.ServeAsync(url, destinations);
        }

        BenchArguments arguments;
        try
        {
            arguments = BenchArguments.Parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n{Usage}");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            await RunAsync(arguments, stop.Token);
            return 0;
        }
        catch (AccountingException e)
        {
            await Console.Error.WriteLineAsync($"The accounting is wrong, so this run is no result.\n{e.Message}");
            return 1;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or InvalidOperationException or TimeoutException or System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync($"The run failed: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return 130;
        }
    }

    private static async Task RunAsync(BenchArguments arguments, CancellationToken cancellationToken)
    {
        var at = TimeProvider.System.GetUtcNow();
        var scenarios = arguments.Scenarios;
        if (!PeerServer.IsInstalled && scenarios.Any(s => s.BesidePeer))
        {
            await Console.Error.WriteLineAsync("The peer's package is not there (npm could not fetch it, or there is no Node): its row is left out.");
            scenarios = [.. scenarios.Where(s => !s.BesidePeer)];
        }

        await using var fleet = await ServerFleet.StartAsync(scenarios);
        var results = await new Bench(fleet, arguments.Rounds, Console.Out).RunAsync(scenarios, cancellationToken);
        await fleet.Logs.CheckAsync(scenarios[^1], requests: 0);
        var files = new ResultFiles(await MachineFacts.ReadAsync(), results, fleet.Large, fleet.Logs.Checked, at);
        await Console.Out.WriteLineAsync($"\n{files.Markdown()}");
        if (arguments.Writes)
        {
            await files.WriteAsync(Repository.ResultsFolder);
        }
    }

    /// <param name="Rounds">At least three; medians of fewer say nothing.</param>
    /// <param name="Writes">Whether the results in the repository are replaced.</param>
    private sealed record BenchArguments(int Rounds, IReadOnlyList<Scenario> Scenarios, bool Writes)
    {
        public static BenchArguments Parse(string[] args)
        {
            var rounds = FewestRounds;
            var writes = true;
            string? only = null;
            var scenarios = ScenarioList.All;
            for (var i = 0; i < args.Length; i++)
            {
                var option = args[i];
                string Value() => ++i < args.Length ? args[i] : throw new FormatException($"{option} needs a value");
                switch (option)
                {
                    case "--rounds":
                        rounds = int.TryParse(Value(), out var n) && n >= FewestRounds ? n : throw new FormatException($"--rounds must be at least {FewestRounds}");
                        break;
                    case "--quick":
                        (scenarios, writes) = (ScenarioList.Quick, false);
                        break;
                    case "--only":
                        (only, writes) = (Value(), false);
                        break;
                    case "--no-write":
                        writes = false;
                        break;
                    default:
                        throw new FormatException($"{option} is not an option");
                }
            }

            scenarios = only is null ? scenarios : [.. scenarios.Where(s => s.Name == only)];
            return scenarios.Count > 0 ? new BenchArguments(rounds, scenarios, writes) : throw new FormatException($"There is no scenario {only}");
        }
    }
}
