using System.Globalization;
using AIHigress.Gateway.IntegrationTests.Faults;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Cluster;

/// <summary>
/// Mixed load on two replicas behind nginx for SOAK_SECONDS: plain, streamed, long, failing over, and clients that leave.
/// Memory must be flat (the last quarter against the second) and files that are open must not grow.
/// </summary>
public sealed class SoakTests
{
    private const int Samples = 80;
    private const int Clients = 12;
    private const int Leavers = 2;

    [Fact(Explicit = true)]
    [Trait(Soak.Trait, Soak.Value)]
    public async Task MixedLoad_ForSoakSeconds_MemoryAndFilesStayFlat()
    {
        await using var good = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "good", Journal = false });
        await using var bad = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "bad", Journal = false });
        await using var pair = await ReplicaPair.StartAsync(Declaration(good, bad), withNginx: true);
        var load = new Load(pair.Nginx.Address, ("plain", false), ("stream", true), ("long", true), ("fails", false), ("fails", true), ("big", false))
        {
            Varies = true,
            GoesOn = true,
        };
        using var end = new CancellationTokenSource();
        load.Start(Clients);
        var leavers = Enumerable.Range(0, Leavers).Select(_ => LeaveAgainAndAgainAsync(pair, end.Token)).ToList();
        var samples = await SampleAsync(pair);
        await load.StopAsync();
        await end.CancelAsync();
        var left = (await Task.WhenAll(leavers)).Sum();

        Write($"{Soak.Duration.TotalSeconds:0} s: {load.Whole.Count} whole answers, {left} clients left, failures {load.Failures.Count + load.Cut.Count}");
        Assert.Empty(load.Failures);
        Assert.Empty(load.Cut);
        var grown = new List<string>();
        foreach (var replica in pair.Both)
        {
            Judge(replica.Id, samples.Where(s => s.Replica == replica.Id).ToList(), grown);
        }

        Assert.Empty(grown);
    }

    private static GatewayDeclaration Declaration(MockUpstreamProcess good, MockUpstreamProcess bad) => new GatewayDeclaration()
        .Provider("good", good.OpenAIBaseUrl)
        .Provider("bad", bad.OpenAIBaseUrl)
        .Model("plain", ("good", "mock-latency=5"))
        .Model("stream", ("good", "mock-chunks=20+delay=2"))
        .Model("long", ("good", "mock-chunks=300"))
        .Model("big", ("good", "mock-huge=1"))
        .Model("hangs", ("good", "mock-hang-after=3"))
        .Model("fails", "weighted", [("bad", "mock-status=500"), ("good", "mock-ok")]);

    private static async Task<List<Sample>> SampleAsync(ReplicaPair pair)
    {
        var samples = new List<Sample>();
        for (var i = 0; i < Samples; i++)
        {
            await Task.Delay(Soak.Duration / Samples);
            samples.AddRange(pair.Both.Select(replica => new Sample(replica.Id, ResidentMiB(replica.Id), Directory.GetFiles($"/proc/{replica.Id}/fd").Length)));
        }

        return samples;
    }

    private static void Judge(int replica, List<Sample> samples, List<string> grown)
    {
        var quarter = samples.Count / 4;
        var memory = Enumerable.Range(0, 4).Select(q => Median(samples.Skip(q * quarter).Take(quarter).Select(s => s.MiB))).ToArray();
        var files = Enumerable.Range(0, 4).Select(q => Median(samples.Skip(q * quarter).Take(quarter).Select(s => s.Files))).ToArray();
        var growth = 100 * (memory[3] - memory[1]) / memory[1];
        Write(string.Create(CultureInfo.InvariantCulture,
            $"replica {replica}: memory by quarter {string.Join(" ", memory.Select(m => $"{m:0}"))} MiB (last against second {growth:+0.0;-0.0} %), open files {string.Join(" ", files)}"));
        if (growth > Soak.Tolerance)
        {
            grown.Add($"memory of replica {replica} grew by {growth:0.0} %");
        }

        if (files[3] > files[1] + 20)
        {
            grown.Add($"open files of replica {replica} grew from {files[1]} to {files[3]}");
        }
    }

    private static async Task<int> LeaveAgainAndAgainAsync(ReplicaPair pair, CancellationToken end)
    {
        var left = 0;
        while (!end.IsCancellationRequested)
        {
            using var client = ReplicaPair.ClientOf(pair.Nginx.Address);
            using var response = await client.OpenAsync(ChatClient.Body("hangs", stream: true), CancellationToken.None);
            response.EnsureSuccessStatusCode();
            left++;
        }

        return left;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static double ResidentMiB(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static void Write(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private sealed record Sample(int Replica, double MiB, double Files);
}
