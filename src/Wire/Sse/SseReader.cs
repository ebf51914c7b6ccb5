using System.Buffers;

namespace AIHigress.Wire.Sse;

/// <summary>
/// Cuts a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) into events, whatever the chunks it
/// comes in and whichever line ends it uses. The caller fills the memory it hands out, then takes events until there is none:
/// <c>GetMemory</c>, <c>Advance</c>, <c>TryRead</c>…, and after the last byte <c>Complete</c>, <c>TryRead</c>…. Not thread-safe.
/// </summary>
/// <param name="maxEventBytes">Largest event in bytes, its end included.</param>
/// <param name="initialBytes">Size of the pooled buffer to begin with; it grows with the events.</param>
public sealed class SseReader(int maxEventBytes = SseReader.DefaultMaxEventBytes, int initialBytes = 4096) : IDisposable
{
    /// <summary>8 MiB.</summary>
    public const int DefaultMaxEventBytes = 8 * 1024 * 1024;

    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    // A buffer that one large event blew up beyond this is given back as soon as it is empty.
    private const int LargestIdleBuffer = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(initialBytes, 16));
    private SseFields _fields;
    private int _start;
    private int _line;
    private int _scan;
    private int _end;
    private bool _begun;
    private bool _completed;
    private bool _disposed;

    // Line ends of this stream seen so far: the last was a lone CR; and an event was ended by a CR that an LF may still follow.
    private bool _lastEndWasCr;
    private bool _mayBeginWithLf;

    /// <summary>Bytes received but not yet handed out as events.</summary>
    public int Buffered => _end - _start;

    /// <summary>Room for at least <paramref name="sizeHint"/> bytes of the stream. Ends the life of the last event.</summary>
    public Memory<byte> GetMemory(int sizeHint = 1)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        MakeRoom(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_end);
    }

    /// <summary>Tells that the first <paramref name="count"/> bytes of the memory are filled.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _end);
        _end += count;
    }

    /// <summary>Tells that no more bytes will come: an event without its empty line becomes readable, with <see cref="SseEvent.IsComplete"/> false.</summary>
    public void Complete() => _completed = true;

    /// <summary>
    /// Takes the next event; false when more bytes are needed. Throws <see cref="WireFormatException"/> (<c>invalid_event</c>) when an event
    /// is larger than allowed, each time from then on.
    /// </summary>
    public bool TryRead(out SseEvent ev)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!SkipByteOrderMark())
        {
            ev = default;
            return false;
        }

        SkipLateLf();
        while (_scan < _end)
        {
            var unread = _buffer.AsSpan(_scan, _end - _scan);
            var found = unread.IndexOfAny(Cr, Lf);
            if (found < 0)
            {
                _scan = _end;
                break;
            }

            _scan += found;
            var isEmptyLine = _scan == _line;
            var width = LineEndWidth(isEmptyLine);
            if (width == 0)
            {
                break;
            }

            _lastEndWasCr = width == 1 && _buffer[_scan] == Cr;
            if (isEmptyLine)
            {
                _mayBeginWithLf = _lastEndWasCr && _scan + 1 == _end;
                ev = Take(_scan + width, isComplete: true);
                return true;
            }

            AddLine(_scan);
            _scan += width;
            _line = _scan;
        }

        ThrowIfTooLarge(_end - _start);
        return TryTakeLast(out ev);
    }

    /// <summary>Gives the buffers back. The memory of the last event must not be used any more.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _fields.Release();
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _end = 0;
        }
    }

    // 0: a CR is the last byte here and an LF may belong to it, so wait. An empty line does not wait in a stream that ends its lines with
    // lone CRs: the event would be late by one event. If an LF comes after all, SkipLateLf takes it.
    private int LineEndWidth(bool isEmptyLine)
    {
        if (_buffer[_scan] == Lf)
        {
            return 1;
        }

        if (_scan + 1 < _end)
        {
            return _buffer[_scan + 1] == Lf ? 2 : 1;
        }

        return _completed || (isEmptyLine && _lastEndWasCr) ? 1 : 0;
    }

    private bool SkipByteOrderMark()
    {
        if (_begun)
        {
            return true;
        }

        var mark = "\uFEFF"u8;
        var head = _buffer.AsSpan(0, Math.Min(_end, mark.Length));
        if (!mark.StartsWith(head))
        {
            _begun = true;
            return true;
        }

        if (head.Length < mark.Length)
        {
            _begun = _completed;
            return _completed;
        }

        _begun = true;
        _start = _line = _scan = mark.Length;
        return true;
    }

    private void SkipLateLf()
    {
        if (_mayBeginWithLf && _start < _end)
        {
            _mayBeginWithLf = false;
            if (_buffer[_start] == Lf)
            {
                _line = _scan = _start + 1;
            }
        }
    }

    private void AddLine(int lineEnd)
    {
        var place = new ByteSpan(_line - _start, lineEnd - _line);
        _fields.AddLine(_buffer.AsSpan(_start, lineEnd - _start), place);
    }

    private bool TryTakeLast(out SseEvent ev)
    {
        // An LF that completes the CR of an event already taken is nothing of its own.
        var isOnlyLateLf = _line == _end && _end - _start == 1 && _buffer[_start] == Lf;
        if (!_completed || _start == _end || isOnlyLateLf)
        {
            ev = default;
            return false;
        }

        if (_line < _end)
        {
            AddLine(_end);
        }

        ev = Take(_end, isComplete: false);
        return true;
    }

    private SseEvent Take(int end, bool isComplete)
    {
        ThrowIfTooLarge(end - _start);
        var taken = _fields.Take(_buffer.AsMemory(_start, end - _start), isComplete);
        _start = _line = _scan = end;
        return taken;
    }

    private void ThrowIfTooLarge(int length)
    {
        if (length > maxEventBytes)
        {
            throw new WireFormatException(WireFormatException.InvalidEvent, $"A server-sent event is larger than {maxEventBytes} bytes.");
        }
    }

    private void MakeRoom(int needed)
    {
        var unread = _end - _start;
        if (unread == 0)
        {
            MoveTo(_buffer.Length > Math.Max(LargestIdleBuffer, initialBytes) ? ArrayPool<byte>.Shared.Rent(Math.Max(initialBytes, needed)) : _buffer);
        }
        else if (_start > 0 && _buffer.Length - _end < Math.Max(needed, _buffer.Length / 4))
        {
            MoveTo(_buffer);
        }

        if (_buffer.Length - _end < needed)
        {
            MoveTo(ArrayPool<byte>.Shared.Rent(Math.Max(_end + needed, 2 * _buffer.Length)));
        }
    }

    private void MoveTo(byte[] target)
    {
        if (_start == 0 && ReferenceEquals(target, _buffer))
        {
            return;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        if (!ReferenceEquals(target, _buffer))
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        _line -= _start;
        _scan -= _start;
        _end -= _start;
        _start = 0;
    }
}
