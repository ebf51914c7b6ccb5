using System.Runtime.InteropServices;

namespace AIHigress.Wire;

/// <summary>A place in a body: byte offset and number of bytes. Only means something beside the body it was read from.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ByteSpan(int Start, int Length)
{
    /// <summary>Offset of the first byte after the place.</summary>
    public int End => Start + Length;

    /// <summary>The bytes at this place; throws <see cref="ArgumentOutOfRangeException"/> when the body is too short.</summary>
    public ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> body) => body.Slice(Start, Length);
}
