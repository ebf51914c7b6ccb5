using System.CommandLine;
using System.Net;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Commands;

/// <summary>
/// <c>aihigress health</c>: asks the server on this machine whether it is ready. For container health checks: the
/// runtime image has no other HTTP client.
/// </summary>
internal static class HealthCommand
{
    private const string Path = "/health/ready";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    public static Command Create(SettingOptions options)
    {
        var command = new Command("health", "Ask the server on this machine whether it is ready; exit code 0 when it is.");
        command.SetAction(async (parsed, token) =>
        {
            var address = AddressOf(options.Read(parsed));
            var (ready, answer) = await AskAsync(new Uri(address + Path), token);
            await (ready ? Console.Out : Console.Error).WriteLineAsync(ready ? answer : $"aihigress: health: {answer}");
            return ready ? 0 : CommandLine.Failure;
        });
        return command;
    }

    /// <summary>Where a server with these settings is reached from the same machine: the first address it listens on.</summary>
    internal static string AddressOf(StartSettings settings)
    {
        var configuration = new ConfigurationManager();
        settings.AddTo(configuration);
        var port = configuration.Read<ServerOptions>(ServerOptions.Section).Port;
        var first = settings.Urls?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        var address = BindingAddress.Parse(first ?? $"http://127.0.0.1:{port}");
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }

    private static async Task<(bool Ready, string Answer)> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        try
        {
            using var response = await client.SendAsync(request, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            return response.StatusCode == HttpStatusCode.OK ? (true, text) : (false, $"{address} answered {(int)response.StatusCode}: {text}");
        }
        catch (HttpRequestException e)
        {
            return (false, $"{address} can't be reached: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, $"{address} did not answer within {Limit.TotalSeconds:0} s");
        }
    }
}
