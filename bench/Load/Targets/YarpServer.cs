using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace AIHigress.Load.Targets;

/// <summary>The yardstick: a reverse proxy of the same runtime that forwards and does nothing else. Runs as a process of this executable.</summary>
internal static class YarpServer
{
    /// <summary>The command-line word that makes this executable the proxy.</summary>
    public const string Command = "yarp";

    public static Task<ServerProcess> StartAsync(string folder, IReadOnlyList<ServerProcess> providers)
    {
        var address = ServerProcess.FreeAddress();
        var assembly = typeof(YarpServer).Assembly.Location;
        return ServerProcess.StartAsync("yarp", address, folder, "dotnet", [assembly, Command, $"http://{address}", .. providers.Select(p => $"http://{p.Address}")]);
    }

    /// <summary>Serves until the process is told to end.</summary>
    /// <param name="url">Where to listen.</param>
    /// <param name="destinations">Where to send requests, in turn.</param>
    public static async Task<int> ServeAsync(string url, IReadOnlyList<string> destinations)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var route = new RouteConfig { RouteId = "all", ClusterId = "providers", Match = new RouteMatch { Path = "{**path}" } };
        var cluster = new ClusterConfig
        {
            ClusterId = "providers",
            LoadBalancingPolicy = "RoundRobin",
            Destinations = destinations.ToDictionary(d => d, d => new DestinationConfig { Address = d }),
            // The providers speak plain HTTP/1.1; asking for more would only add a look at every request.
            HttpRequest = new ForwarderRequestConfig { Version = System.Net.HttpVersion.Version11 },
        };
        builder.Services.AddReverseProxy().LoadFromMemory([route], [cluster]);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.RunAsync();
        return 0;
    }
}
