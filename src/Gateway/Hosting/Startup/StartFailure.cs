using System.Net.Sockets;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Startup;

/// <summary>Turns what ended a start into the one line that says what to change.</summary>
internal static class StartFailure
{
    public static string Explain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is SettingException setting)
            {
                return OneLine(setting.Message);
            }
        }

        if (exception is IOException && exception.Message.StartsWith("Failed to bind", StringComparison.Ordinal))
        {
            return $"PORT (or --urls): {OneLine(exception.Message)}";
        }

        return exception switch
        {
            SocketException => $"PORT (or --urls): the address can't be listened on: {OneLine(exception.Message)}",
            FormatException when exception.StackTrace?.Contains("BindingAddress", StringComparison.Ordinal) == true => $"--urls: {OneLine(exception.Message)}",
            InvalidOperationException when exception.StackTrace?.Contains("AddressBinder", StringComparison.Ordinal) == true => $"--urls: {OneLine(exception.Message)}",
            OperationCanceledException => "the start was interrupted",
            _ => $"the start failed: {exception.GetType().Name}: {OneLine(exception.Message)}",
        };
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
