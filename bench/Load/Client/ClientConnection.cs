using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AIHigress.Load.Client;

/// <summary>A kept-alive connection with at most one request on it. Never blocks.</summary>
internal sealed class ClientConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly RequestBytes _bytes;
    private readonly byte[] _buffer;
    private readonly ResponseReader _reader = new();
    private byte[] _request = [];
    private int _sent;
    private int _events;
    private long _heard;
    private bool _isBusy;

    /// <param name="server">Connected to at once.</param>
    /// <param name="request">The bytes of its requests.</param>
    /// <param name="buffer">For reading; shared by all connections of the one thread that drives them.</param>
    public ClientConnection(IPEndPoint server, RequestBytes request, byte[] buffer)
    {
        _bytes = request;
        _buffer = buffer;
        _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(server);
        _socket.Blocking = false;
    }

    public int Descriptor => (int)_socket.Handle;

    public ResponseReader Response => _reader;

    /// <summary>Timestamp from which the running request is counted.</summary>
    public long Started { get; private set; }

    public bool HasUnsent => _isBusy && _sent < _request.Length;

    public void Start(long countedFrom)
    {
        _reader.Reset();
        _request = _bytes.Next();
        (Started, _sent, _isBusy, _events, _heard) = (countedFrom, 0, true, 0, 0);
        Send();
    }

    public void Send()
    {
        while (_sent < _request.Length)
        {
            var sent = _socket.Send(_request.AsSpan(_sent), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                return;
            }

            Check(error);
            _sent += sent;
        }
    }

    /// <summary>Reads what is there; true when the response is complete.</summary>
    /// <param name="gaps">Told of every read that brought an event.</param>
    public bool Receive(GapCounts gaps)
    {
        var read = _socket.Receive(_buffer, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        Check(error);
        if (read == 0 || !_isBusy)
        {
            throw new IOException(_isBusy ? $"The server closed the connection within a response: {_reader.Excerpt}" : "The server closed an idle connection.");
        }

        _isBusy = !_reader.Read(_buffer.AsSpan(0, read));
        if (_reader.Events > _events)
        {
            var now = System.Diagnostics.Stopwatch.GetTimestamp();
            gaps.Add(_heard, now);
            (_events, _heard) = (_reader.Events, now);
        }

        return !_isBusy;
    }

    public TimeSpan Took(long now) => Stopwatch.GetElapsedTime(Started, now);

    public void Dispose() => _socket.Dispose();

    private static void Check(SocketError error)
    {
        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }
    }
}
