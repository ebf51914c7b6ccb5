using System.Buffers;
using System.Runtime.InteropServices;

namespace AIHigress.Wire.Sse;

/// <summary>The fields of the event being read. Places count from the event's first byte, so the buffer may move under them.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct SseFields
{
    private ByteSpan _data;
    private ByteSpan _name;
    private ByteSpan _id;
    private int _dataLines;
    private byte[]? _joined;
    private int _joinedLength;

    /// <summary>Takes one line (without its end) of the event.</summary>
    public void AddLine(ReadOnlySpan<byte> eventBytes, ByteSpan place)
    {
        var line = place.Slice(eventBytes);
        if (line.StartsWith("data:"u8))
        {
            AddData(eventBytes, ValueAfter(line, 4, place));
            return;
        }

        var colon = line.IndexOf((byte)':');
        if (colon == 0)
        {
            return;
        }

        // A line without a colon is a field with an empty value.
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? new ByteSpan(place.End, 0) : ValueAfter(line, colon, place);
        if (name.SequenceEqual("data"u8))
        {
            AddData(eventBytes, value);
        }
        else if (name.SequenceEqual("event"u8))
        {
            _name = value;
        }
        else if (name.SequenceEqual("id"u8) && !line.Contains((byte)0))
        {
            _id = value;
        }
    }

    /// <summary>Builds the event over its bytes and forgets its fields.</summary>
    public SseEvent Take(ReadOnlyMemory<byte> raw, bool isComplete)
    {
        var taken = new SseEvent
        {
            Raw = raw,
            Data = _dataLines > 1 ? _joined.AsMemory(0, _joinedLength) : raw.Slice(_data.Start, _data.Length),
            EventName = raw.Slice(_name.Start, _name.Length),
            Id = raw.Slice(_id.Start, _id.Length),
            HasData = _dataLines > 0,
            IsComplete = isComplete,
        };
        this = new SseFields { _joined = _joined };
        return taken;
    }

    /// <summary>Gives the joining buffer back.</summary>
    public void Release()
    {
        if (_joined is not null)
        {
            ArrayPool<byte>.Shared.Return(_joined);
            _joined = null;
        }
    }

    private static ByteSpan ValueAfter(ReadOnlySpan<byte> line, int colon, ByteSpan place)
    {
        var start = colon + 1;
        if (start < line.Length && line[start] == (byte)' ')
        {
            start++;
        }

        return new ByteSpan(place.Start + start, line.Length - start);
    }

    // A single data line, the usual case, is read where it stands; only a second one makes a copy.
    private void AddData(ReadOnlySpan<byte> eventBytes, ByteSpan value)
    {
        _dataLines++;
        if (_dataLines == 1)
        {
            _data = value;
            return;
        }

        if (_dataLines == 2)
        {
            Join(_data.Slice(eventBytes));
        }

        Join("\n"u8);
        Join(value.Slice(eventBytes));
    }

    private void Join(ReadOnlySpan<byte> bytes)
    {
        var needed = _joinedLength + bytes.Length;
        if (_joined is null || _joined.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _joinedLength));
            _joined.AsSpan(0, _joinedLength).CopyTo(larger);
            Release();
            _joined = larger;
        }

        bytes.CopyTo(_joined.AsSpan(_joinedLength));
        _joinedLength = needed;
    }
}
