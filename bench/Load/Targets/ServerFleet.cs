using AIHigress.Load.Accounting;
using AIHigress.Load.Scenarios;
using AIHigress.MockUpstream.Control;

namespace AIHigress.Load.Targets;

/// <summary>Every server of a run, all at once: two providers and what is measured in front of them. Disposing stops them.</summary>
internal sealed class ServerFleet : IAsyncDisposable
{
    /// <summary>The client's key at the gateway; the others pass it on unread.</summary>
    public const string ApiKey = "sk-bench-0123456789abcdefghijklmnopqrstuvwxyz";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aihigress-bench-");
    private readonly List<ServerProcess> _servers = [];
    private GatewayTarget _gateway = null!;
    private GatewayTarget? _large;
    private PeerServer? _peer;

    private ServerFleet()
    {
    }

    public RequestLogs Logs { get; private set; } = null!;

    public IReadOnlyList<Target> Targets { get; private set; } = [];

    /// <summary>Those that can serve a scenario's requests.</summary>
    public IReadOnlyList<Target> TargetsOf(Scenario scenario) =>
        scenario.GatewayOnly ? [_gateway]
        : scenario.BesidePeer ? [_gateway, _peer!]
        : scenario.LargeTables ? [_gateway, _large!]
        : Targets;

    /// <summary>What the gateway with large tables showed at its start.</summary>
    public LargeFigures? Large { get; private set; }

    public static async Task<ServerFleet> StartAsync(IReadOnlyList<Scenario> scenarios)
    {
        var fleet = new ServerFleet();
        try
        {
            await fleet.StartServersAsync(scenarios);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="InvalidOperationException">A server ended by itself.</exception>
    public void RequireRunning() => _servers.ForEach(server => server.RequireRunning());

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Enumerable.Reverse(_servers))
        {
            await server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task StartServersAsync(IReadOnlyList<Scenario> scenarios)
    {
        ServerProcess[] providers = [await StartProviderAsync("a", scenarios), await StartProviderAsync("b", scenarios)];
        var nginx = Keep(await NginxServer.StartAsync(FolderFor("nginx"), providers));
        var yarp = Keep(await YarpServer.StartAsync(FolderFor("yarp"), providers));
        var gateway = new GatewayServer(FolderFor("gateway"));
        var server = Keep(await gateway.StartAsync(providers, scenarios));
        Logs = new RequestLogs(gateway.Database);
        _gateway = new GatewayTarget(server, Logs);
        Targets = [new DirectTarget(providers), new ServerTarget(nginx), new ServerTarget(yarp), _gateway];
        if (scenarios.Any(s => s.BesidePeer))
        {
            _peer = new PeerServer(Keep(await PeerServer.StartAsync(FolderFor("peer"))), providers[0]);
        }

        if (scenarios.FirstOrDefault(s => s.LargeTables) is { } scenario)
        {
            var large = new LargeGateway(FolderFor("large"), LargeTables.Full);
            _large = new GatewayTarget(Keep(await large.StartAsync(providers, scenario, CancellationToken.None)), large.Logs);
            Large = large.Figures;
        }
    }

    private async Task<ServerProcess> StartProviderAsync(string name, IReadOnlyList<Scenario> scenarios)
    {
        var address = ServerProcess.FreeAddress();
        var assembly = Path.Combine(AppContext.BaseDirectory, "AIHigress.MockUpstream.dll");
        var server = Keep(await ServerProcess.StartAsync(
            $"provider-{name}", address, FolderFor(name), "dotnet", assembly, "--urls", $"http://{address}", "--name", name, "--no-journal"));
        using var control = new MockControl(new Uri($"http://{address}"));
        foreach (var scenario in scenarios)
        {
            // The gateway asks by the providers' name, everybody else by the client's.
            await control.ScriptAsync(scenario.Model, scenario.Behaviour);
            await control.ScriptAsync(scenario.UpstreamModel, scenario.Behaviour);
        }

        return server;
    }

    private ServerProcess Keep(ServerProcess server)
    {
        _servers.Add(server);
        return server;
    }

    private string FolderFor(string name) => _folder.CreateSubdirectory(name).FullName;
}
