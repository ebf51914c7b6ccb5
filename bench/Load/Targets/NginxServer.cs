using System.Diagnostics;

namespace AIHigress.Load.Targets;

/// <summary>nginx with the least it needs: two upstreams in turn, kept-alive connections, no buffering, no logs.</summary>
internal static class NginxServer
{
    public static async Task<ServerProcess> StartAsync(string folder, IReadOnlyList<ServerProcess> providers)
    {
        var address = ServerProcess.FreeAddress();
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, Configuration(address.ToString(), providers));
        return await ServerProcess.StartAsync("nginx", address, folder, Program(), "-p", folder, "-c", file, "-e", "stderr");
    }

    /// <summary>As it names itself.</summary>
    public static async Task<string> VersionAsync()
    {
        var info = new ProcessStartInfo(Program(), "-v") { UseShellExecute = false, RedirectStandardError = true };
        using var process = Process.Start(info) ?? throw new InvalidOperationException("nginx did not start");
        return (await process.StandardError.ReadToEndAsync()).Replace("nginx version:", "", StringComparison.Ordinal).Trim();
    }

    private static string Configuration(string address, IReadOnlyList<ServerProcess> providers) =>
        $$"""
        daemon off;
        {{(Environment.IsPrivilegedProcess ? "user root root;" : "")}}
        worker_processes auto;
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 4096; }
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            keepalive_requests 1000000000;
            upstream providers {
                {{string.Join(' ', providers.Select(p => $"server {p.Address};"))}}
                keepalive 512;
                keepalive_requests 1000000000;
            }
            server {
                listen {{address}} backlog=1024;
                client_max_body_size 32m;
                location / {
                    proxy_pass http://providers;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_buffering off;
                }
            }
        }
        """;

    private static string Program() =>
        new[] { "/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("nginx is not installed: apt-get install nginx-light");
}
