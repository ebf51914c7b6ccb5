using System.CommandLine;
using AIHigress.Gateway.Hosting.Settings;
using AIHigress.Gateway.Hosting.Startup;

namespace AIHigress.Gateway.Hosting.Commands;

/// <summary>The <c>aihigress</c> command: serves when no command is named. A failure is one line on stderr and exit code 1.</summary>
internal static class CommandLine
{
    public const int Failure = 1;

    /// <param name="args">As given to the process.</param>
    /// <param name="build">Puts the server together; every command that needs its services builds it the same way.</param>
    public static async Task<int> RunAsync(string[] args, Func<StartSettings, WebApplication> build)
    {
        var options = new SettingOptions();
        var root = new RootCommand("AI-Higress Gateway: one address for many AI providers. Without a command it serves.");
        options.AddTo(root);
        root.SetAction((parsed, token) => ServeCommand.RunAsync(options.Read(parsed), build, token));
        root.Add(MigrateCommand.Create(options, build));
        root.Add(SetupLinkCommand.Create(options, build));
        root.Add(HealthCommand.Create(options));
        root.Add(SecretCommand.Create());
        root.Add(ConfigCommand.Create(options, build));
        root.Add(SettingsReferenceCommand.Create());
        root.Add(ProtocolsReferenceCommand.Create());

        var parsed = root.Parse(SettingOptions.Normalize(args), new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            return Fail(options.Explain(parsed));
        }

        try
        {
            // The host itself listens to Ctrl-C and SIGTERM.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e) when (e is not HostAbortedException)
        {
            // The person who starts the server is served by one line that says what to change, not by a stack trace.
            return Fail(StartFailure.Explain(e));
        }
    }

    private static int Fail(string line)
    {
        Console.Error.WriteLine($"aihigress: {line}");
        return Failure;
    }
}
