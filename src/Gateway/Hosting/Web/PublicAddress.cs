using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Hosting.Web;

/// <summary>The address that people and clients reach this server by.</summary>
internal sealed class PublicAddress(IOptionsMonitor<ServerOptions> options, IServer server)
{
    /// <summary>API_BASE_URL, else the first address listened on, else the configured port; without a trailing slash.</summary>
    public string Base
    {
        get
        {
            if (options.CurrentValue.ApiBaseUrl is { Length: > 0 } configured)
            {
                return configured.TrimEnd('/');
            }

            var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
            return (listening ?? $"http://127.0.0.1:{options.CurrentValue.Port}")
                .Replace("://[::]", "://localhost", StringComparison.Ordinal)
                .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
                .TrimEnd('/');
        }
    }
}
