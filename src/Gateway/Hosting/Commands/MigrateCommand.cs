using System.CommandLine;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Commands;

/// <summary><c>aihigress migrate</c>: brings the database up to date whatever the switches for automatic upgrades say.</summary>
internal static class MigrateCommand
{
    public static Command Create(SettingOptions options, Func<StartSettings, WebApplication> build)
    {
        var command = new Command("migrate", "Bring the database up to this version (make a backup first).");
        command.SetAction(async (parsed, token) =>
        {
            var settings = options.Read(parsed);
            await using var app = build(settings);
            using var folder = settings.DataFolder;
            var database = app.Services.GetRequiredService<DatabaseUrl>();
            if (database.Kind == DatabaseKind.Sqlite)
            {
                // A running server must not have its tables changed under it.
                folder.Open();
            }

            await using var scope = app.Services.CreateAsyncScope();
            var applied = await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().MigrateAsync(token);
            await Console.Out.WriteLineAsync(applied.Count == 0
                ? $"Nothing to do: {database.Display} is up to date."
                : $"Applied {string.Join(", ", applied)} to {database.Display}.");
            return 0;
        });
        return command;
    }
}
