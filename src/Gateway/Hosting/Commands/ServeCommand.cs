using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Secrets;
using AIHigress.Gateway.Data.Startup;
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
    public static async Task<int> RunAsync(StartSettings settings, Func<StartSettings, WebApplication> build, CancellationToken cancellationToken)
    {
        if (DesignTime.IsCurrent)
        {
            await using var looked = build(settings);
            await looked.RunAsync(cancellationToken);
            return 0;
        }

        StartBanner.Warn(settings.Warnings);
        using var folder = settings.DataFolder;
        folder.Open();
        await using var app = build(settings);
        var createdUser = await PrepareAsync(app.Services, cancellationToken);
        await StartAsync(app, cancellationToken);
        if (!settings.IsTestHost)
        {
            StartBanner.Print(app, await CreateSetupLinkAsync(app.Services, cancellationToken), createdUser);
        }

        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is not HostAbortedException)
        {
            // What did start must end before its services are disposed under it.
            await app.StopAsync(CancellationToken.None);
            throw;
        }
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
