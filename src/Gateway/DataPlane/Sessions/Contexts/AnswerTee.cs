using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace AIHigress.Gateway.DataPlane.Sessions.Contexts;

/// <summary>Keeps a copy of what a client is given, up to a limit, while it is given: the bytes themselves take the way they always do.</summary>
internal sealed class AnswerTee(IHttpResponseBodyFeature inner) : IHttpResponseBodyFeature, IDisposable
{
    private const int MostBytes = 1024 * 1024;

    private readonly PooledBuffer _copy = new();
    private TeeWriter? _writer;

    public Stream Stream => inner.Stream;

    public PipeWriter Writer => _writer ??= new TeeWriter(inner.Writer, this);

    /// <summary>All that was written; null when it was too much to keep.</summary>
    public ReadOnlyMemory<byte>? Copy => IsTooLarge ? null : _copy.Written;

    private bool IsTooLarge { get; set; }

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        inner.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    public void DisableBuffering() => inner.DisableBuffering();

    public void Dispose() => _copy.Dispose();

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        IsTooLarge |= _copy.Length + bytes.Length > MostBytes;
        if (!IsTooLarge)
        {
            bytes.CopyTo(_copy.GetSpan(bytes.Length));
            _copy.Advance(bytes.Length);
        }
    }

    private sealed class TeeWriter(PipeWriter inner, AnswerTee tee) : PipeWriter
    {
        private Memory<byte> _room;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _room = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            tee.Keep(_room.Span[..bytes]);
            _room = _room[bytes..];
            inner.Advance(bytes);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            tee.Keep(source.Span);
            return inner.WriteAsync(source, cancellationToken);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
