using System.Buffers;
using System.Net;
using AIHigress.Gateway.DataPlane.Ingress;

namespace AIHigress.Gateway.DataPlane.Adapters;

/// <summary>A request ready to send, and the pooled bytes behind its body.</summary>
internal sealed class UpstreamCall(UpstreamRequest request, BodyContent content, InboundCall call, byte[]? rented) : IDisposable
{
    public UpstreamRequest Request { get; } = request;

    public void Dispose()
    {
        // An upstream may answer while the transport still sends. Then the bytes must not go back to the pool: the next
        // request's body would be written over them and reach this upstream.
        if (content.IsBeingSent)
        {
            call.KeepBody();
        }
        else if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        Request.Dispose();
    }
}

/// <summary>A request to an upstream, which says afterwards which way it went.</summary>
internal sealed class UpstreamRequest(HttpMethod method, Uri uri) : HttpRequestMessage(method, uri)
{
    /// <summary>The proxy that it took; null when it went directly.</summary>
    public string? Proxy { get; set; }
}

/// <summary>The bytes that go to an upstream, in two pieces: of a long prompt only what changes is copied.</summary>
/// <param name="Front">The first, or all.</param>
/// <param name="Rented">The pool's array behind it, if it is not the client's.</param>
/// <param name="Rest">What follows of the client's own bytes.</param>
internal readonly record struct OutboundBody(ReadOnlyMemory<byte> Front, byte[]? Rented, ReadOnlyMemory<byte> Rest);

/// <summary>A body in memory that knows whether the transport may still be reading it.</summary>
internal sealed class BodyContent(OutboundBody body) : HttpContent
{
    private volatile bool _sending;

    public bool IsBeingSent => _sending;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _sending = true;
        try
        {
            await stream.WriteAsync(body.Front, cancellationToken);
            if (!body.Rest.IsEmpty)
            {
                await stream.WriteAsync(body.Rest, cancellationToken);
            }
        }
        finally
        {
            _sending = false;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Front.Length + body.Rest.Length;
        return true;
    }
}
