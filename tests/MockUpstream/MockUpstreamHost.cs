using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AIHigress.MockUpstream;

/// <summary>Starts a mock upstream on a bare Kestrel: no host, no middleware, no logging between socket and answer.</summary>
public static class MockUpstreamHost
{
    public static async Task<MockUpstreamServer> StartAsync(MockUpstreamOptions? options = null, ILoggerFactory? loggers = null)
    {
        options ??= new MockUpstreamOptions();
        var state = new MockState(options);
        var server = CreateServer(state, Endpoint(options.Url), loggers ?? NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new MockApplication(state), CancellationToken.None);
        }
        catch
        {
            server.Dispose();
            throw;
        }

        var address = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return new MockUpstreamServer(server, state, new Uri(address));
    }

    private static KestrelServer CreateServer(MockState state, IPEndPoint endpoint, ILoggerFactory loggers)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestHeadersTotalSize = 1024 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 1000;
        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => async connection =>
            {
                state.Traffic.ConnectionOpened();
                try
                {
                    await next(connection);
                }
                finally
                {
                    state.Traffic.ConnectionClosed();
                }
            });
        });

        // Nothing here blocks, so everything may run on the thread that polls the sockets; and a flush is then one
        // send of its own, which is what makes "one event, one write" true.
        var sockets = new SocketTransportOptions { UnsafePreferInlineScheduling = true };
        return new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(sockets), loggers), loggers);
    }

    private static IPEndPoint Endpoint(string url)
    {
        if (!Uri.TryCreate(url.Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            || uri.Scheme != Uri.UriSchemeHttp)
        {
            throw new ArgumentException($"'{url}' is not an http address.", nameof(url));
        }

        var address = uri.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(uri.Host.Trim('[', ']'));
        return new IPEndPoint(address, uri.Port);
    }
}
