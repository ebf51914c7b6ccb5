using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>The rules of a provider's way out.</summary>
internal static class ProxyRules
{
    public static void Check(ProviderFields input, FieldErrors errors)
    {
        if (ProxyChoice.Parse(input.Proxy) is not { } choice)
        {
            errors.Add("proxy", "not_allowed", ProxyChoice.Rule);
        }
        else if (choice.Use == ProxyUse.Direct && input.ProxyRequired == true)
        {
            errors.Add("proxy_required", "conflict", "contradicts proxy: direct");
        }
    }

    /// <summary>What only the API can judge: whether the proxy exists, and who may choose a way that others decide on.</summary>
    public static void CheckChoice(string? before, string? wanted, bool byAdministrator, ProxyPool pool, FieldErrors errors)
    {
        if (wanted == before || ProxyChoice.Parse(wanted) is not { } choice)
        {
            return;
        }

        if (!byAdministrator && choice.Use is ProxyUse.Direct or ProxyUse.One)
        {
            errors.Add("proxy", "not_allowed", "must be default or pool; an administrator can choose direct or a certain proxy");
        }
        else if (choice.Use == ProxyUse.One && !pool.Knows(choice.Id))
        {
            errors.Add("proxy", "unknown_proxy", "names no proxy; see GET /api/v1/proxies");
        }
    }
}
