using AIHigress.Wire.OpenAI.Responses.Stored;
using AIHigress.Wire.Sse;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>Where the pipeline writes a background run's answer: a stream becomes the run's events, anything else is an error's body.</summary>
internal sealed class RunOutput(ResponseRun run) : Stream
{
    private readonly SseReader _reader = new(maxEventBytes: 256 * 1024 * 1024);
    private readonly MemoryStream _error = new();
    private readonly Dictionary<string, string?> _members = MembersOf(run);

    /// <summary>An answer's content type; decides how the bytes are taken.</summary>
    public Func<string?> ContentType { get; set; } = () => null;

    public bool HasStarted { get; private set; }

    /// <summary>The body of an error that came instead of a stream, or an error event's data: raw JSON; empty when there was none.</summary>
    public ReadOnlyMemory<byte> Error => _error.ToArray();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        HasStarted = true;
        if (ContentType() != "text/event-stream")
        {
            _error.Write(buffer);
            return;
        }

        buffer.CopyTo(_reader.GetMemory(buffer.Length).Span);
        _reader.Advance(buffer.Length);
        while (_reader.TryRead(out var ev))
        {
            Take(ev);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader.Dispose();
            _error.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Take(in SseEvent ev)
    {
        if (!ev.HasData || run.Events.End is not null || ResponseEvent.From(ev.Data, run.Events.Count, _members) is not { } taken)
        {
            return;
        }

        if (taken.Type == "error")
        {
            // What follows it is the run's own end, which carries the error.
            _error.Write(ev.Data.Span);
        }

        run.Events.Add(taken);
    }

    // An upstream of the same protocol gives its own id and knows nothing of the background.
    private static Dictionary<string, string?> MembersOf(ResponseRun run) => new()
    {
        ["id"] = $"\"{run.Id}\"",
        ["background"] = "true",
        ["previous_response_id"] = run.Previous is { } previous ? $"\"{previous.Id}\"" : "null",
    };
}
