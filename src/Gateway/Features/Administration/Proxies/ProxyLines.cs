using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>Reads proxies out of text, one per line.</summary>
internal static class ProxyLines
{
    public const int Most = 5000;
    private const int MostFaults = 100;

    public static ReadLines Read(string text, ProxyScheme usual)
    {
        var proxies = new List<ProxyRoute>();
        var faults = new List<ProxyLineFault>();
        var seen = new HashSet<ProxyKey>();
        var (number, repeated) = (0, 0);
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            if (ProxyAddress.Parse(line.ToString(), usual) is not { } proxy)
            {
                if (faults.Count < MostFaults)
                {
                    faults.Add(new ProxyLineFault(number, ProxyAddress.Rule));
                }
            }
            else if (!seen.Add(ProxyKey.Of(proxy)))
            {
                repeated++;
            }
            else if (proxies.Count < Most)
            {
                proxies.Add(proxy);
            }
            else
            {
                faults.Add(new ProxyLineFault(number, $"a list has at most {Most} proxies; this line and those after it are left out"));
                break;
            }
        }

        return new ReadLines(proxies, repeated, faults);
    }
}

/// <param name="Proxies">Each once.</param>
/// <param name="Repeated">Lines that repeat an earlier one.</param>
/// <param name="Faults">Lines that are none, at most a hundred.</param>
internal sealed record ReadLines(IReadOnlyList<ProxyRoute> Proxies, int Repeated, IReadOnlyList<ProxyLineFault> Faults);

/// <summary>What makes two proxies the same one.</summary>
internal readonly record struct ProxyKey(ProxyScheme Scheme, string Host, int Port, string Username)
{
    public static ProxyKey Of(ProxyRoute proxy) => new(proxy.Scheme, proxy.Host, proxy.Port, proxy.Username);

    public static ProxyKey Of(UpstreamProxy proxy) => new(proxy.Scheme, proxy.Host, proxy.Port, proxy.Username);

    /// <summary>Without credentials, for the audit log.</summary>
    public override string ToString() => $"{Common.EnumFilter.Name(Scheme)}://{Host}:{Port}";
}
