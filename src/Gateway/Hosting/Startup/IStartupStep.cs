namespace AIHigress.Gateway.Hosting.Startup;

/// <summary>
/// Work of a feature that must be done when the database is ready and before the first snapshot is loaded, such as
/// applying gateway.yaml. Steps run one after the other in the order of registration; a <see cref="Settings.SettingException"/> ends the start.
/// </summary>
internal interface IStartupStep
{
    Task RunAsync(CancellationToken cancellationToken);
}
