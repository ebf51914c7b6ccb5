using System.Buffers.Text;
using System.Text;

namespace AIHigress.Load.Client;

/// <summary>
/// Reads HTTP/1.1 responses of one connection, one after another, in whatever pieces they come: status, length of the
/// body, server-sent events in it. Keeps nothing but the head and the first bytes of the body, for error messages.
/// </summary>
internal sealed class ResponseReader
{
    private const int MostHead = 16 * 1024;
    private const int MostKept = 512;

    private readonly byte[] _head = new byte[MostHead];
    private readonly byte[] _kept = new byte[MostKept];
    private Part _part;
    private int _headLength;
    private int _keptLength;
    private bool _isChunked;
    private long _left;
    private int _lineLength;
    private bool _endsWithLineFeed;

    private enum Part
    {
        Head,
        Body,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
    }

    public int Status { get; private set; }

    public long BodyBytes { get; private set; }

    /// <summary>Empty lines in the body: the ends of server-sent events, when lines end in LF.</summary>
    public int Events { get; private set; }

    /// <summary>Head and first bytes of the body as text.</summary>
    public string Excerpt => Encoding.UTF8.GetString(_head, 0, _headLength) + Encoding.UTF8.GetString(_kept, 0, _keptLength);

    /// <summary>Forgets the last response.</summary>
    public void Reset()
    {
        (_part, _headLength, _keptLength, _isChunked, _left, _lineLength, _endsWithLineFeed) = (Part.Head, 0, 0, false, 0, 0, false);
        (Status, BodyBytes, Events) = (0, 0, 0);
    }

    /// <summary>Takes the next bytes; true when they complete the response.</summary>
    /// <exception cref="InvalidDataException">Not HTTP, or bytes that nobody asked for.</exception>
    public bool Read(ReadOnlySpan<byte> bytes)
    {
        var isComplete = false;
        while (!bytes.IsEmpty)
        {
            if (isComplete)
            {
                throw new InvalidDataException("The server sent more than its response.");
            }

            isComplete = Step(ref bytes);
        }

        return isComplete;
    }

    private bool Step(ref ReadOnlySpan<byte> bytes) => _part switch
    {
        Part.Head => ReadHead(ref bytes),
        Part.Body => ReadBody(ref bytes) && _left == 0,
        Part.ChunkSize => ReadChunkSize(ref bytes),
        Part.Chunk => ReadChunk(ref bytes),
        Part.ChunkEnd => ReadChunkEnd(ref bytes),
        _ => ReadTrailer(ref bytes),
    };

    private bool ReadHead(ref ReadOnlySpan<byte> bytes)
    {
        var before = _headLength;
        var taken = Math.Min(bytes.Length, MostHead - _headLength);
        bytes[..taken].CopyTo(_head.AsSpan(_headLength));
        _headLength += taken;
        var from = Math.Max(0, before - 3);
        var end = _head.AsSpan(from, _headLength - from).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            bytes = bytes[taken..];
            return _headLength < MostHead ? false : throw new InvalidDataException("The response's head is too long.");
        }

        _headLength = from + end + 4;
        bytes = bytes[(_headLength - before)..];
        ParseHead(_head.AsSpan(0, _headLength));
        return !_isChunked && _left == 0;
    }

    private void ParseHead(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out _))
        {
            throw new InvalidDataException($"Not an HTTP response: {Excerpt}");
        }

        Status = status;
        _isChunked = Ascii.EqualsIgnoreCase(Field(head, "transfer-encoding"u8), "chunked"u8);
        var length = Field(head, "content-length"u8);
        if (!_isChunked && !Utf8Parser.TryParse(length, out _left, out _))
        {
            throw new InvalidDataException($"The response has no length: {Excerpt}");
        }

        _part = _isChunked ? Part.ChunkSize : Part.Body;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        while (head.IndexOf("\r\n"u8) is var end and >= 0)
        {
            var line = head[..end];
            if (line.Length > name.Length && line[name.Length] == (byte)':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                return line[(name.Length + 1)..].Trim((byte)' ');
            }

            head = head[(end + 2)..];
        }

        return default;
    }

    private bool ReadBody(ref ReadOnlySpan<byte> bytes)
    {
        var part = bytes[..(int)Math.Min(bytes.Length, _left)];
        bytes = bytes[part.Length..];
        _left -= part.Length;
        BodyBytes += part.Length;
        CountEvents(part);
        if (_keptLength < MostKept)
        {
            var kept = part[..Math.Min(part.Length, MostKept - _keptLength)];
            kept.CopyTo(_kept.AsSpan(_keptLength));
            _keptLength += kept.Length;
        }

        return true;
    }

    private void CountEvents(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
        {
            return;
        }

        Events += _endsWithLineFeed && part[0] == (byte)'\n' ? 1 : 0;
        _endsWithLineFeed = part[^1] == (byte)'\n';
        while (part.IndexOf("\n\n"u8) is var end and >= 0)
        {
            Events++;
            part = part[(end + 2)..];
        }
    }

    private bool ReadChunkSize(ref ReadOnlySpan<byte> bytes)
    {
        var next = bytes[0];
        bytes = bytes[1..];
        if (next == (byte)'\n')
        {
            _part = _left == 0 ? Part.Trailer : Part.Chunk;
            _lineLength = 0;
        }
        else if (next != (byte)'\r')
        {
            _left = (_left << 4) + HexDigit(next);
        }

        return false;
    }

    private static int HexDigit(byte digit) => (char)digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'a' and <= 'f' => digit - 'a' + 10,
        >= 'A' and <= 'F' => digit - 'A' + 10,
        _ => throw new InvalidDataException("A chunk's size is not hexadecimal."),
    };

    private bool ReadChunk(ref ReadOnlySpan<byte> bytes)
    {
        ReadBody(ref bytes);
        if (_left == 0)
        {
            _part = Part.ChunkEnd;
        }

        return false;
    }

    private bool ReadChunkEnd(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] == (byte)'\n')
        {
            _part = Part.ChunkSize;
        }

        bytes = bytes[1..];
        return false;
    }

    private bool ReadTrailer(ref ReadOnlySpan<byte> bytes)
    {
        var next = bytes[0];
        bytes = bytes[1..];
        if (next == (byte)'\n')
        {
            var isEmpty = _lineLength == 0;
            _lineLength = 0;
            return isEmpty;
        }

        _lineLength += next == (byte)'\r' ? 0 : 1;
        return false;
    }
}
