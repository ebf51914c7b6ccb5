using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace AIHigress.TestKit;

/// <summary>
/// A real nginx in front of replicas, configured by the file that the repository gives operators (deploy/nginx.example.conf);
/// only the addresses are replaced. Tests fail when it can't start; they are never skipped.
/// </summary>
public sealed class NginxServer : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly Process _process;
    private readonly Task<string> _log;

    private NginxServer(TempFolder folder, int port, Process process)
    {
        _folder = folder;
        _process = process;
        _log = process.StandardError.ReadToEndAsync();
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        Port = port;
    }

    public string Address { get; }

    private int Port { get; }

    /// <param name="first">http://127.0.0.1:PORT of a replica.</param>
    /// <param name="second">Of the other.</param>
    public static async Task<NginxServer> StartAsync(string first, string second)
    {
        var folder = new TempFolder();
        var port = FreePort.Next();
        var example = await File.ReadAllTextAsync(Repository.File("deploy/nginx.example.conf"));
        var site = Replace(Replace(Replace(example, "127.0.0.1:8001", new Uri(first).Authority), "127.0.0.1:8002", new Uri(second).Authority),
            "127.0.0.1:8080", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));
        // One process, so that its end is the end of all of it; temporary files stay in the folder.
        await File.WriteAllTextAsync(folder.File("nginx.conf"), $$"""
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr warn;
            events { worker_connections 8192; }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
            {{site}}
            }
            """);
        var info = new ProcessStartInfo("nginx") { UseShellExecute = false, RedirectStandardError = true };
        foreach (var argument in (string[])["-p", folder.Path, "-c", folder.File("nginx.conf"), "-e", "stderr"])
        {
            info.ArgumentList.Add(argument);
        }

        var process = Process.Start(info) ?? throw new InvalidOperationException("nginx did not start (apt-get install nginx)");
        var server = new NginxServer(folder, port, process);
        await server.WaitUntilReadyAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private static string Replace(string text, string address, string by) => text.Contains(address, StringComparison.Ordinal)
        ? text.Replace(address, by, StringComparison.Ordinal)
        : throw new InvalidOperationException($"deploy/nginx.example.conf no longer names {address}");

    private Task WaitUntilReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"nginx ended at its start: {await _log}");
            }

            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        "nginx listens");
}
