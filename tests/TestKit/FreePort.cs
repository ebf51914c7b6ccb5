using System.Net;
using System.Net.Sockets;

namespace AIHigress.TestKit;

/// <summary>
/// Ports for servers that can't tell which one they took. They lie below the range that the kernel gives to outgoing
/// connections: between the look and the server's own bind, or while a server is down, no client's connection takes them.
/// </summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Count = 22_000;
    private static readonly List<Socket> Held = [];

    // Another test process begins elsewhere.
    private static int _next = Random.Shared.Next(Count);

    /// <summary>A port that was free a moment ago and is given to nobody else of this process.</summary>
    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (TryBind(port) is { } socket)
            {
                socket.Dispose();
                return port;
            }
        }

        throw new InvalidOperationException("No port is free.");
    }

    /// <summary>A port at which nobody listens for the life of this process: connections are refused.</summary>
    public static int OfNobody()
    {
        while (true)
        {
            var port = Next();
            if (TryBind(port) is { } socket)
            {
                // Bound and not listening: nobody else can have it.
                lock (Held)
                {
                    Held.Add(socket);
                }

                return port;
            }
        }
    }

    private static Socket? TryBind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
