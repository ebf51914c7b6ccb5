using System.Net;
using AIHigress.Load.Scenarios;

namespace AIHigress.Load.Targets;

/// <summary>Something that answers the load: the providers themselves, or what stands between them and the client.</summary>
internal abstract class Target
{
    public abstract string Name { get; }

    /// <summary>The client's connections are spread over these.</summary>
    public abstract IReadOnlyList<IPEndPoint> Addresses { get; }

    /// <summary>Headers that it wants besides the usual ones.</summary>
    public virtual IReadOnlyList<string> Headers => [];

    /// <summary>CPU time of its processes so far.</summary>
    public abstract TimeSpan Cpu { get; }

    /// <summary>Waits for the work that answers leave behind: it belongs to what they cost.</summary>
    public virtual Task SettleAsync(Scenario scenario, int requests, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Holds what it recorded to what was sent since the last check.</summary>
    public virtual Task CheckAsync(Scenario scenario, int requests) => Task.CompletedTask;
}

/// <summary>A target that is one server process.</summary>
internal class ServerTarget(ServerProcess server) : Target
{
    public override string Name => server.Name;

    public override IReadOnlyList<IPEndPoint> Addresses { get; } = [server.Address];

    public override TimeSpan Cpu => server.Cpu;
}

/// <summary>No proxy at all: how fast the load client and the providers are by themselves.</summary>
internal sealed class DirectTarget(IReadOnlyList<ServerProcess> providers) : Target
{
    public override string Name => "direct";

    public override IReadOnlyList<IPEndPoint> Addresses { get; } = [.. providers.Select(p => p.Address)];

    public override TimeSpan Cpu => providers.Aggregate(TimeSpan.Zero, (sum, provider) => sum + provider.Cpu);
}
