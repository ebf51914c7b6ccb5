using System.CommandLine;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.Features.Administration;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Commands;

/// <summary><c>aihigress config validate FILE</c> and <c>aihigress config export</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create(SettingOptions options, Func<StartSettings, WebApplication> build) =>
        new("config", "Work with gateway.yaml.") { Validate(options, build), Export(options, build) };

    private static Command Validate(SettingOptions options, Func<StartSettings, WebApplication> build)
    {
        var file = new Argument<string>("FILE") { Description = "The gateway.yaml to check." };
        var command = new Command("validate", "Check a gateway.yaml; each fault is one line with its place.") { file };
        command.SetAction(async (parsed, token) =>
        {
            await using var app = build(options.Read(parsed));
            var path = parsed.GetRequiredValue(file);
            var faults = await app.Services.GetRequiredService<IConfigurationFiles>().ValidateAsync(path, token);
            foreach (var fault in faults)
            {
                await Console.Error.WriteLineAsync(fault);
            }

            if (faults.Count == 0)
            {
                await Console.Out.WriteLineAsync($"{path} is good.");
            }

            return faults.Count == 0 ? 0 : CommandLine.Failure;
        });
        return command;
    }

    private static Command Export(SettingOptions options, Func<StartSettings, WebApplication> build)
    {
        var command = new Command("export", "Print the present state as a gateway.yaml; secrets only as references.");
        command.SetAction(async (parsed, token) =>
        {
            await using var app = build(options.Read(parsed));
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().RequireCurrentAsync(token);
            await Console.Out.WriteAsync(await scope.ServiceProvider.GetRequiredService<IConfigurationFiles>().ExportAsync(token));
            return 0;
        });
        return command;
    }
}
