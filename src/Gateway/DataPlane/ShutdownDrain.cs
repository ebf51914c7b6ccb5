using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.Hosting;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane;

/// <summary>
/// From the moment the server is told to stop: new requests are refused, running ones get SHUTDOWN_GRACE_SECONDS,
/// then their streams are ended with the protocol's error event. The web server closes its sockets and the journal
/// its file only after that.
/// </summary>
internal sealed class ShutdownDrain : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _ending;
    private readonly ConcurrencyGate _gate;
    private readonly TimeSpan _grace;

    public ShutdownDrain(IHostApplicationLifetime lifetime, ConcurrencyGate gate, IOptions<ServerOptions> options, TimeProvider time)
    {
        _ending = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _gate = gate;
        _grace = TimeSpan.FromSeconds(options.Value.ShutdownGraceSeconds);
        Stopping = lifetime.ApplicationStopping;
    }

    public bool IsDraining => Stopping.IsCancellationRequested;

    /// <summary>Cancelled when the grace is over.</summary>
    public CancellationToken Ending => _ending.Token;

    private CancellationToken Stopping { get; }

    /// <summary>Runs before any service is stopped, the web server included: it answers refusals until the last request has ended.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _ending.CancelAfter(_grace);
        await _gate.WhenIdleAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _ending.Dispose();
}
