using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace AIHigress.MockUpstream.Sending;

/// <summary>A chunked body written straight to the socket: a flush ends when the bytes have been taken by the system.</summary>
internal sealed class RawBody(RawConnection connection) : PipeWriter
{
    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    private readonly ArrayBufferWriter<byte> _pending = new();

    public override void Advance(int bytes) => _pending.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_pending.WrittenCount > 0)
        {
            byte[] chunk = [.. Encoding.ASCII.GetBytes($"{_pending.WrittenCount:x}\r\n"), .. _pending.WrittenSpan, .. LineEnd];
            _pending.ResetWrittenCount();
            await connection.SendAsync(chunk);
        }

        return default;
    }

    public Task SendEndAsync() => connection.SendAsync("0\r\n\r\n"u8.ToArray());

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }
}
