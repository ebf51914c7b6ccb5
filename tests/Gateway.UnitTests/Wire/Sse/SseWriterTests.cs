using System.Buffers;
using System.Text;
using AIHigress.Wire.Sse;

namespace AIHigress.Gateway.UnitTests.Wire.Sse;

public sealed class SseWriterTests
{
    [Fact]
    public void WritePing_IsACommentThatNoClientSees()
    {
        var output = new ArrayBufferWriter<byte>();

        SseWriter.WritePing(output);

        Assert.Equal(": ping\n\n", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(output.WrittenMemory.ToArray(), SseWriter.Ping.ToArray());
    }

    [Theory]
    [InlineData("{}", "data: {}\n\n")]
    [InlineData("", "data: \n\n")]
    [InlineData("a\nb\r\nc\rd\n", "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n")]
    public void WriteData_AnyLineEnds_BecomeDataLines(string data, string expected)
    {
        var output = new ArrayBufferWriter<byte>();

        SseWriter.WriteData(output, Encoding.UTF8.GetBytes(data));

        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void WriteEvent_NameWithLineEnd_IsRefused()
    {
        var output = new ArrayBufferWriter<byte>();

        SseWriter.WriteEvent(output, "ping"u8, "{}"u8);

        Assert.Equal("event: ping\ndata: {}\n\n", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Throws<ArgumentException>(() => SseWriter.WriteEvent(output, "a\nb"u8, "{}"u8));
    }

    [Fact]
    public void WriteData_ReadBack_IsTheSameData()
    {
        var output = new ArrayBufferWriter<byte>();
        SseWriter.WriteData(output, "a\n\nb "u8);
        using var reader = new SseReader();
        output.WrittenMemory.CopyTo(reader.GetMemory(output.WrittenCount));
        reader.Advance(output.WrittenCount);

        Assert.True(reader.TryRead(out var ev));
        Assert.Equal("a\n\nb ", Encoding.UTF8.GetString(ev.Data.Span));
    }
}
