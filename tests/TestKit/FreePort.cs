using System.Net;
using System.Net.Sockets;

namespace AIHigress.TestKit;

/// <summary>A port that was free a moment ago, for servers that can't tell which one they took.</summary>
public static class FreePort
{
    public static int Next()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
