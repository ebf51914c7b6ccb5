using System.Net;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>Refuses 0.0.0.0 and [::] in front of the guard, whose name resolution throws what no caller expects of a connection.</summary>
internal sealed class UnspecifiedHosts(HttpMessageHandler guard) : DelegatingHandler(guard)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isUnspecified = IPAddress.TryParse(request.RequestUri!.Host.Trim('[', ']'), out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        return isUnspecified
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "The address is not allowed.")
            : base.SendAsync(request, cancellationToken);
    }
}
