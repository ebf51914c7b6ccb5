using AIHigress.Load.Scenarios;

namespace AIHigress.Load.Targets;

/// <summary>
/// The npm package @portkey-ai/gateway, a peer that runs here: one Node process, told by headers where to send a request.
/// It checks no key and keeps no records, so it does less per request than what it is compared with.
/// </summary>
internal sealed class PeerServer(ServerProcess server, ServerProcess provider) : ServerTarget(server)
{
    private static string Program => Path.Combine(Repository.PeerFolder, "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");

    /// <summary>False when its package could not be fetched.</summary>
    public static bool IsInstalled => File.Exists(Program);

    public override IReadOnlyList<string> Headers { get; } = ["x-portkey-provider: openai", $"x-portkey-custom-host: http://{provider.Address}/v1"];

    public static Task<ServerProcess> StartAsync(string folder)
    {
        var address = ServerProcess.FreeAddress();
        // It refuses hosts on the loopback unless they are named.
        var environment = new Dictionary<string, string> { ["TRUSTED_CUSTOM_HOSTS"] = "127.0.0.1", ["NODE_ENV"] = "production" };
        return ServerProcess.StartAsync("peer", address, folder, environment, "node", Program, $"--port={address.Port}", "--headless");
    }
}
