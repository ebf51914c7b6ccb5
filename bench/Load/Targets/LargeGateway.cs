using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AIHigress.Load.Accounting;
using AIHigress.Load.Scenarios;

namespace AIHigress.Load.Targets;

/// <summary>A second gateway with large tables: how long it takes to start, what it keeps in memory, how long a plan takes.</summary>
internal sealed class LargeGateway(string folder, LargeTables tables)
{
    public const string Name = "gateway_large";
    private const int Plans = 1_000;
    private const int MostWarmUps = 20;

    // A step that takes more than this share of the one before is warm.
    private const double Steady = 0.95;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly GatewayServer _gateway = new(folder, Name);

    public LargeFigures? Figures { get; private set; }

    public RequestLogs Logs => new(_gateway.Database);

    /// <summary>Fills the tables and starts the server over them; it serves the scenario like the ordinary one.</summary>
    public async Task<ServerProcess> StartAsync(IReadOnlyList<ServerProcess> providers, Scenario scenario, CancellationToken cancellationToken)
    {
        var more = Enumerable.Range(0, tables.Providers).Select(LargeTables.Provider).ToList();
        await using (var first = await _gateway.StartAsync(providers, [scenario], more))
        {
            await WaitUntilReadyAsync(first, cancellationToken);
        }

        tables.Fill(_gateway.Database, (scenario.Model, providers[0].Name));
        var clock = Stopwatch.StartNew();
        var server = await _gateway.StartAsync(providers, [scenario]);
        await WaitUntilReadyAsync(server, cancellationToken);
        var start = clock.Elapsed;
        // Before the plans: they would add what thousands of requests leave behind.
        var memory = server.ResidentMib;
        var plan = await PlanAsync(server, cancellationToken);
        Figures = new LargeFigures(tables, start.TotalSeconds, memory, plan.Median, plan.P99);
        return server;
    }

    private static async Task WaitUntilReadyAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Longest;)
        {
            using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new TimeoutException($"{server.Name} is not ready after {Longest.TotalSeconds} s.");
    }

    // What the server says of its own planning; each time another model, ten upstreams each.
    private async Task<(double Median, double P99)> PlanAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        using var signIn = await client.PostAsJsonAsync("/api/v1/auth/login", new { email = GatewayServer.Owner, password = _gateway.Password }, cancellationToken);
        signIn.EnsureSuccessStatusCode();
        var token = (await signIn.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("access_token").GetString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        // Like every other row: first until it is steady.
        var (before, step) = (double.MaxValue, 0);
        while (await PlanAsync(client, step++, cancellationToken) is var warm && step < MostWarmUps && warm[Plans / 2] < before * Steady)
        {
            before = warm[Plans / 2];
        }

        var found = await PlanAsync(client, step, cancellationToken);
        return (found[Plans / 2], found[Plans * 99 / 100]);
    }

    /// <summary>So many plans' microseconds, sorted; each of another model than the one before.</summary>
    private async Task<List<double>> PlanAsync(HttpClient client, int step, CancellationToken cancellationToken)
    {
        var found = new List<double>(Plans);
        for (var i = step * Plans; i < (step + 1) * Plans; i++)
        {
            using var answer = await client.PostAsJsonAsync(
                "/api/v1/routing/decide", new { model = LargeTables.Model(i * 7 % tables.Models) }, cancellationToken);
            var decision = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            if (decision.GetProperty("candidates").GetArrayLength() != 10)
            {
                throw new InvalidOperationException($"A plan has not its ten candidates: {decision}");
            }

            found.Add(decision.GetProperty("decision_us").GetDouble());
        }

        found.Sort();
        return found;
    }
}

/// <param name="Tables">What was stored.</param>
/// <param name="StartSeconds">From starting the process until it is ready.</param>
/// <param name="MemoryMib">Resident, when ready.</param>
/// <param name="PlanMicroseconds">Median of a plan with ten candidates.</param>
/// <param name="PlanP99Microseconds">All but one in a hundred.</param>
internal sealed record LargeFigures(LargeTables Tables, double StartSeconds, double MemoryMib, double PlanMicroseconds, double PlanP99Microseconds);
