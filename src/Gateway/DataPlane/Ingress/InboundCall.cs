using System.Buffers;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.DataPlane.Ingress;

/// <summary>
/// What a client asked for: the body as it came (decompressed), what the scan found in it, and the routing wishes
/// of its headers. Owns the pooled body; dispose it when no attempt can need it any more.
/// </summary>
internal sealed class InboundCall(PooledBody body, ChatRequestHead head, RequestChoices choices, bool stream) : IDisposable
{
    public ReadOnlyMemory<byte> Body => body.Memory;

    /// <summary>Bytes of the body; known after it was given back, too.</summary>
    public int Length { get; } = body.Memory.Length;

    public ChatRequestHead Head { get; } = head;

    public RequestChoices Choices { get; } = choices;

    /// <summary>The client gets server-sent events.</summary>
    public bool Stream { get; } = stream;

    /// <summary>The client asked for the usage chunk; otherwise it is held back.</summary>
    public bool WantsUsage => Head.IncludeUsage == true;

    /// <summary>Leaves the body to the garbage collector: a transport may still be reading it.</summary>
    public void KeepBody() => body.Keep();

    public void Dispose() => body.Dispose();
}

/// <summary>A body in a pooled array.</summary>
internal sealed class PooledBody(byte[] array, int length) : IDisposable
{
    private byte[]? _array = array;
    private bool _kept;

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, length);

    /// <summary>A body in an array that is not the pool's.</summary>
    public static PooledBody Own(byte[] array) => new(array, array.Length) { _kept = true };

    /// <summary>The array will not go back to the pool.</summary>
    public void Keep() => _kept = true;

    public void Dispose()
    {
        if (_kept)
        {
            return;
        }

        if (Interlocked.Exchange(ref _array, null) is { Length: > 0 } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
