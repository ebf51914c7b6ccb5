using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Upstream.Proxies;

/// <summary>Whose certificates https proxies may show: those that the system trusts, and those of UPSTREAM_PROXY_CA_FILE.</summary>
internal sealed class ProxyTrust
{
    private readonly X509Certificate2Collection? _authorities;

    public ProxyTrust(IOptions<UpstreamProxyOptions> options)
    {
        if (!string.IsNullOrWhiteSpace(options.Value.CaFile))
        {
            _authorities = [];
            _authorities.ImportFromPemFile(options.Value.CaFile);
        }
    }

    public SslClientAuthenticationOptions For(ProxyRoute proxy) => new()
    {
        TargetHost = proxy.Host,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => Accepts(certificate as X509Certificate2, errors),
    };

    private bool Accepts(X509Certificate2? certificate, SslPolicyErrors errors)
    {
        // Only an unknown authority is made up for; a wrong name stays wrong.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null || _authorities is null)
        {
            return errors == SslPolicyErrors.None;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
