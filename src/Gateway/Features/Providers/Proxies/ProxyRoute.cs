using System.Net;

namespace AIHigress.Gateway.Features.Providers.Proxies;

public enum ProxyScheme
{
    Http,

    /// <summary>HTTP spoken over TLS to the proxy itself.</summary>
    Https,

    /// <summary>The upstream's name is looked up here.</summary>
    Socks5,

    /// <summary>The upstream's name is looked up by the proxy.</summary>
    Socks5h,
}

/// <summary>A proxy as the data plane uses it. Password is plaintext: never logged, never serialized.</summary>
public sealed record ProxyRoute(Guid Id, ProxyScheme Scheme, string Host, int Port)
{
    /// <summary>Empty when the proxy asks for none.</summary>
    public string Username { get; init; } = "";

    public string? Password { get; init; }

    /// <summary>A remote list named it, so its own address must be a public one.</summary>
    public bool FromRemoteList { get; init; }

    /// <summary>Host and port: what may be shown.</summary>
    public string Name { get; } = IPAddress.TryParse(Host, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    public override string ToString() => Name;
}
