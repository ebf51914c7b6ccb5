using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Hosting.Settings;
using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.Gateway.Hosting.Startup;

namespace AIHigress.Gateway.Hosting.Commands;

/// <summary>
/// One run of the server. What can refuse the start comes first and writes nothing: data folder, secret key, database.
/// </summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await using var _ = app;
        if (DesignTime.IsCurrent)
        {
            await app.RunAsync(cancellationToken);
            return 0;
        }

        StartBanner.Warn(app.Services.GetRequiredService<StartSettings>().Warnings);
        app.Services.GetRequiredService<DataFolder>().Open();
        var createdUser = await PrepareAsync(app.Services, cancellationToken);
        await app.StartAsync(cancellationToken);
        var setupLink = await CreateSetupLinkAsync(app.Services, cancellationToken);
        StartBanner.Print(app, setupLink, createdUser);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary>Brings database and running state up; returns the e-mail of the first user when this start created it.</summary>
    private static async Task<string?> PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<SecretKeyFile>();
        await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().PrepareAsync(cancellationToken);
        keys.Persist();
        await scope.ServiceProvider.GetRequiredService<RingCheck>().RewrapAsync(cancellationToken);
        var setupLinks = scope.ServiceProvider.GetService<ISetupLinks>();
        var createdUser = setupLinks is null ? null : await setupLinks.EnsureFirstUserAsync(cancellationToken);
        foreach (var step in scope.ServiceProvider.GetServices<IStartupStep>())
        {
            await step.RunAsync(cancellationToken);
        }

        await services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: true, cancellationToken);
        return createdUser;
    }

    /// <summary>Only after the server listens: a start that fails must not end the link that was printed before.</summary>
    private static async Task<string?> CreateSetupLinkAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        return scope.ServiceProvider.GetService<ISetupLinks>() is { } links ? await links.CreateLinkAsync(cancellationToken) : null;
    }
}
