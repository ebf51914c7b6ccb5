using AIHigress.Gateway.Hosting;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane;

/// <summary>
/// From the moment the server is told to stop: new requests are refused, running ones get SHUTDOWN_GRACE_SECONDS,
/// then their streams are ended with the protocol's error event.
/// </summary>
internal sealed class ShutdownDrain : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenRegistration _onStopping;

    public ShutdownDrain(IHostApplicationLifetime lifetime, IOptions<ServerOptions> options)
    {
        Stopping = lifetime.ApplicationStopping;
        _onStopping = Stopping.Register(() => _ending.CancelAfter(TimeSpan.FromSeconds(options.Value.ShutdownGraceSeconds)));
    }

    private CancellationToken Stopping { get; }

    public bool IsDraining => Stopping.IsCancellationRequested;

    /// <summary>Cancelled when the grace is over.</summary>
    public CancellationToken Ending => _ending.Token;

    public void Dispose()
    {
        _onStopping.Dispose();
        _ending.Dispose();
    }
}
