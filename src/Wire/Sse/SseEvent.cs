using System.Runtime.InteropServices;

namespace AIHigress.Wire.Sse;

/// <summary>
/// One server-sent event, or a block of comments or an empty line between events (<see cref="HasData"/> false).
/// Its memory belongs to the reader and is valid until the reader's next call.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SseEvent
{
    /// <summary>The event's bytes exactly as received, with the empty line that ends it. All events' Raw one after the other are the stream without its byte order mark.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>The data; several data lines are joined by a line feed. Empty when there is none.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The last <c>event</c> field; empty when there is none.</summary>
    public ReadOnlyMemory<byte> EventName { get; init; }

    /// <summary>The last <c>id</c> field; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>The event has a data field, be it empty.</summary>
    public bool HasData { get; init; }

    /// <summary>False for what stood at the end of the stream without an empty line after it: possibly cut off.</summary>
    public bool IsComplete { get; init; }
}
