using System.Buffers;
using System.IO.Pipelines;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.MockUpstream.Sending;

/// <summary>Writes bytes in as many sends as the script asks for.</summary>
internal static class Pieces
{
    /// <summary>Real time, whatever clock the script runs by: long enough for the two halves of a character to arrive apart, even if the reader is busy.</summary>
    private const int SplitPauseMs = 2;

    public static async Task WriteAsync(Exchange exchange, PipeWriter writer, ReadOnlyMemory<byte> bytes, Behaviour behaviour)
    {
        if (behaviour.SplitUtf8 == true && InsideFirstLongCharacter(bytes.Span) is var cut and > 0)
        {
            writer.Write(bytes.Span[..cut]);
            await writer.FlushAsync();
            await Task.Delay(SplitPauseMs, exchange.ClientGone);
            bytes = bytes[cut..];
        }

        var size = behaviour.SlowDrip is null ? behaviour.SplitBytes ?? bytes.Length : 1;
        while (bytes.Length > Math.Max(size, 1))
        {
            writer.Write(bytes.Span[..size]);
            await writer.FlushAsync();
            exchange.ClientGone.ThrowIfCancellationRequested();
            await exchange.DelayAsync(behaviour.SlowDrip);
            bytes = bytes[size..];
        }

        writer.Write(bytes.Span);
    }

    private static int InsideFirstLongCharacter(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyInRange((byte)0xC2, (byte)0xF4) + 1;
}
