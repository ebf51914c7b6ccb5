using System.Buffers;
using AIHigress.Gateway.DataPlane.Ingress;

namespace AIHigress.Gateway.DataPlane;

/// <summary>A growing byte buffer from the shared pool. Holds nothing until something is written.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _array = [];
    private int _length;

    public int Length => _length;

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(_length);
    }

    /// <summary>Hands the bytes over to an owner of their own; the buffer is empty afterwards.</summary>
    public PooledBody Detach()
    {
        var body = new PooledBody(_array, _length);
        (_array, _length) = ([], 0);
        return body;
    }

    /// <summary>Hands over the bytes and the pool's array behind them; the buffer is empty afterwards.</summary>
    public (ReadOnlyMemory<byte> Body, byte[] Rented) DetachArray()
    {
        var detached = ((ReadOnlyMemory<byte>)_array.AsMemory(0, _length), _array);
        (_array, _length) = ([], 0);
        return detached;
    }

    /// <summary>Gives the array back; the buffer is empty and may be used again.</summary>
    public void Dispose()
    {
        var array = _array;
        (_array, _length) = ([], 0);
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Reserve(int sizeHint)
    {
        var needed = _length + Math.Max(sizeHint, 1);
        if (needed <= _array.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(256, _array.Length * 2)));
        _array.AsSpan(0, _length).CopyTo(larger);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
