namespace AIHigress.Gateway.DataPlane.Upstream.Proxies;

/// <summary>No connection to the upstream came about behind a proxy; nothing of the request was sent.</summary>
/// <param name="message">Names neither addresses nor credentials.</param>
/// <param name="isProxysFault">False when it may as well be the upstream that can't be reached.</param>
/// <param name="inner">What the connection said.</param>
internal sealed class ProxyConnectException(string message, bool isProxysFault, Exception? inner = null) : IOException(message, inner)
{
    public bool IsProxysFault { get; } = isProxysFault;

    /// <summary>The fault of a proxy within what the transport throws; null when it is another's.</summary>
    public static ProxyConnectException? Of(Exception thrown) => thrown as ProxyConnectException ?? thrown.InnerException as ProxyConnectException;
}
