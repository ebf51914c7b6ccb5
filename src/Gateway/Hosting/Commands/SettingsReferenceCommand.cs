using System.CommandLine;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Commands;

/// <summary><c>aihigress settings-reference</c>: writes docs/configuration.md from the catalogue.</summary>
internal static class SettingsReferenceCommand
{
    public static Command Create()
    {
        var command = new Command("settings-reference", "Print the configuration reference as Markdown.") { Hidden = true };
        command.SetAction(_ => Console.Out.Write(SettingsReference.Markdown()));
        return command;
    }
}
