using System.CommandLine;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Hosting.Settings;
using AIHigress.Gateway.Hosting.Web;

namespace AIHigress.Gateway.Hosting.Commands;

/// <summary><c>aihigress setup-link</c>: a new link for the first administrator; runs beside a running server.</summary>
internal static class SetupLinkCommand
{
    public static Command Create(SettingOptions options, Func<StartSettings, WebApplication> build)
    {
        var command = new Command("setup-link", "Print a new one-time link for creating the first administrator; the last one dies.");
        command.SetAction(async (parsed, token) =>
        {
            await using var app = build(options.Read(parsed));
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().RequireCurrentAsync(token);
            if (await scope.ServiceProvider.GetRequiredService<ISetupLinks>().CreateLinkAsync(token) is not { } link)
            {
                await Console.Error.WriteLineAsync("aihigress: setup-link: a user exists already, so there is nothing to set up; sign in, or ask an administrator for an account");
                return CommandLine.Failure;
            }

            await Console.Out.WriteLineAsync(app.Services.GetRequiredService<PublicAddress>().Base + link);
            return 0;
        });
        return command;
    }
}
