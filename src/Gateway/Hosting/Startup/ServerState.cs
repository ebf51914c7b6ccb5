namespace AIHigress.Gateway.Hosting.Startup;

/// <summary>Where this process is between its start and its end.</summary>
internal sealed class ServerState
{
    private volatile bool _started;
    private volatile bool _draining;

    /// <summary>The server listens.</summary>
    public bool IsStarted => _started;

    /// <summary>The server was told to end: running requests finish, new ones should go elsewhere.</summary>
    public bool IsDraining => _draining;

    public void Follow(IHostApplicationLifetime lifetime)
    {
        lifetime.ApplicationStarted.Register(() => _started = true);
        lifetime.ApplicationStopping.Register(() => _draining = true);
    }
}
