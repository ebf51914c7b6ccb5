using System.Net;
using AIHigress.Gateway.Hosting.Settings;
using Microsoft.AspNetCore.HttpOverrides;

namespace AIHigress.Gateway.Hosting.Web;

/// <summary>TRUSTED_PROXIES: only what these say about client address and scheme is believed.</summary>
internal static class ForwardedAddresses
{
    /// <summary>The options for the middleware; null when no proxy is trusted.</summary>
    /// <exception cref="SettingException">An entry is no address and no CIDR.</exception>
    public static ForwardedHeadersOptions? Read(string trustedProxies)
    {
        var entries = trustedProxies.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (entries.Length == 0)
        {
            return null;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var entry in entries)
        {
            if (System.Net.IPNetwork.TryParse(entry, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else if (IPAddress.TryParse(entry, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                throw new SettingException("TRUSTED_PROXIES", $"'{entry}' is neither an address nor a network such as 10.0.0.0/8");
            }
        }

        return options;
    }
}
