using System.Buffers;

namespace AIHigress.Wire.Sse;

/// <summary>Writes server-sent events, with LF line ends.</summary>
public static class SseWriter
{
    private static readonly byte[] PingBytes = ": ping\n\n"u8.ToArray();
    private static readonly byte[] BlankPingBytes = "\n\n"u8.ToArray();

    /// <summary>A comment that keeps connections open and that no client takes for an event.</summary>
    public static ReadOnlyMemory<byte> Ping => PingBytes;

    /// <summary>White space that does the same where clients (Google's) know no comments; also between the elements of an array.</summary>
    public static ReadOnlyMemory<byte> BlankPing => BlankPingBytes;

    /// <summary>The end mark of OpenAI streams, as an event.</summary>
    public static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    /// <summary>Writes <see cref="Ping"/>.</summary>
    public static void WritePing(IBufferWriter<byte> output) => output.Write(PingBytes);

    /// <summary>Writes one event; data with line ends becomes several data lines.</summary>
    public static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> data)
    {
        while (data.IndexOfAny((byte)'\r', (byte)'\n') is var end and >= 0)
        {
            WriteLine(output, data[..end]);
            var width = data[end] == (byte)'\r' && end + 1 < data.Length && data[end + 1] == (byte)'\n' ? 2 : 1;
            data = data[(end + width)..];
        }

        WriteLine(output, data);
        output.Write("\n"u8);
    }

    /// <summary>Writes one event with a name, which must not hold line ends.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (name.IndexOfAny((byte)'\r', (byte)'\n') >= 0)
        {
            throw new ArgumentException("An event name must be a single line.", nameof(name));
        }

        output.Write("event: "u8);
        output.Write(name);
        output.Write("\n"u8);
        WriteData(output, data);
    }

    private static void WriteLine(IBufferWriter<byte> output, ReadOnlySpan<byte> line)
    {
        output.Write("data: "u8);
        output.Write(line);
        output.Write("\n"u8);
    }
}
