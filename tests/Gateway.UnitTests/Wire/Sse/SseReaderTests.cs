using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Sse;

namespace AIHigress.Gateway.UnitTests.Wire.Sse;

public sealed class SseReaderTests
{
    [Theory]
    [InlineData("data: x\n\n")]
    [InlineData("data:x\n\n")]
    [InlineData("data: x\r\n\r\n")]
    [InlineData("data: x\r\r")]
    [InlineData("data: x\n\r\n")]
    [InlineData("\uFEFFdata: x\n\n")]
    public void TryRead_OneEvent_GivesItsData(string stream)
    {
        using var reader = Feed(stream);

        Assert.True(reader.TryRead(out var ev));
        Assert.Equal("x", Text(ev.Data));
        Assert.Equal(stream.TrimStart('\uFEFF'), Text(ev.Raw));
        Assert.True(ev is { HasData: true, IsComplete: true });
        Assert.False(reader.TryRead(out _));
        Assert.Equal(0, reader.Buffered);
    }

    [Theory]
    [InlineData("data:  two spaces\n\n", " two spaces")]
    [InlineData("data\n\n", "")]
    [InlineData("data:\n\n", "")]
    [InlineData("data: a\ndata: b\n\n", "a\nb")]
    [InlineData("data:a\r\ndata\r\ndata: c\r\n\r\n", "a\n\nc")]
    [InlineData(": note\ndata: a\nother: x\ndatax: y\n\n", "a")]
    [InlineData("data: {\"a\":\"b: c\"}\n\n", "{\"a\":\"b: c\"}")]
    public void TryRead_DataFields_FollowTheStandard(string stream, string data)
    {
        using var reader = Feed(stream);

        Assert.True(reader.TryRead(out var ev));
        Assert.True(ev.HasData);
        Assert.Equal(data, Text(ev.Data));
    }

    [Fact]
    public void TryRead_NameAndId_TakesTheLast()
    {
        using var reader = Feed("event: a\nid: 1\nevent: b\nid:2\nid: bad\0\ndata: x\nretry: 5\n\n");

        Assert.True(reader.TryRead(out var ev));
        Assert.Equal("b", Text(ev.EventName));
        Assert.Equal("2", Text(ev.Id));
    }

    [Fact]
    public void TryRead_SecondEvent_ForgetsTheFirst()
    {
        using var reader = Feed("event: a\nid: 1\ndata: x\ndata: y\n\n\ndata: z\n\n");

        Assert.True(reader.TryRead(out var ev));
        Assert.Equal("x\ny", Text(ev.Data));
        Assert.True(reader.TryRead(out ev));
        Assert.False(ev.HasData);
        Assert.Equal("\n", Text(ev.Raw));
        Assert.True(reader.TryRead(out ev));
        Assert.Equal("z", Text(ev.Data));
        Assert.True(ev.EventName.IsEmpty && ev.Id.IsEmpty);
    }

    [Fact]
    public void TryRead_CommentsOnly_HasNoData()
    {
        using var reader = Feed(": ping\n\n");

        Assert.True(reader.TryRead(out var ev));
        Assert.False(ev.HasData);
        Assert.True(ev.IsComplete);
        Assert.True(ev.Data.IsEmpty);
    }

    [Theory]
    [InlineData("data: x", "x")]
    [InlineData("data: x\n", "x")]
    [InlineData("data: x\r", "x")]
    [InlineData("data: x\ndata: y", "x\ny")]
    public void TryRead_EndWithoutEmptyLine_ComesAfterCompleteOnly(string stream, string data)
    {
        using var reader = Feed(stream);
        Assert.False(reader.TryRead(out _));

        reader.Complete();

        Assert.True(reader.TryRead(out var ev));
        Assert.False(ev.IsComplete);
        Assert.Equal(data, Text(ev.Data));
        Assert.Equal(stream, Text(ev.Raw));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void TryRead_CrLfCutBeforeTheLastLf_WaitsForIt()
    {
        using var reader = Feed("data: x\r\n\r");
        Assert.False(reader.TryRead(out _));

        Feed(reader, "\ndata: y\r\n\r\n");

        Assert.True(reader.TryRead(out var ev));
        Assert.Equal("data: x\r\n\r\n", Text(ev.Raw));
    }

    [Fact]
    public void TryRead_CrOnlyStream_GivesEachEventAtOnce()
    {
        using var reader = Feed("data: x\r\r");
        Assert.True(reader.TryRead(out _));

        Feed(reader, "data: y\r\r");

        Assert.True(reader.TryRead(out var ev));
        Assert.Equal("y", Text(ev.Data));
    }

    [Fact]
    public void TryRead_NothingReceived_IsFalse()
    {
        using var reader = new SseReader();
        Assert.False(reader.TryRead(out _));

        reader.Complete();

        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData("data: 1234567\n\n")]
    [InlineData("data: 12345678")]
    [InlineData(": comments count too")]
    public void TryRead_EventOverTheLimit_Throws(string stream)
    {
        using var reader = new SseReader(maxEventBytes: 14, initialBytes: 16);
        Feed(reader, "data: 123456\n\n" + stream + "x");

        Assert.True(reader.TryRead(out _));
        var refusal = Assert.Throws<WireFormatException>(() => reader.TryRead(out _));
        Assert.Equal("invalid_event", refusal.Code);
        Assert.Throws<WireFormatException>(() => reader.TryRead(out _));
    }

    [Fact]
    public void GetMemory_AfterALargeEvent_ShrinksAgain()
    {
        using var reader = Feed($"data: {new string('x', 1_000_000)}\n\n");
        Assert.True(reader.TryRead(out var ev));
        Assert.Equal(1_000_000, ev.Data.Length);

        Assert.InRange(reader.GetMemory().Length, 1, 128 * 1024);
    }

    [Fact]
    public void GetMemory_SizeHint_IsRespected()
    {
        using var reader = Feed("data: half");

        Assert.True(reader.GetMemory(100_000).Length >= 100_000);
        Feed(reader, " and half\n\n");
        Assert.True(reader.TryRead(out var ev));
        Assert.Equal("half and half", Text(ev.Data));
    }

    [Fact]
    public void Advance_MoreThanTheMemory_Throws()
    {
        using var reader = new SseReader();
        var memory = reader.GetMemory();

        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Advance(memory.Length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Advance(-1));
    }

    [Fact]
    public void Dispose_Twice_IsHarmlessAndEndsReading()
    {
        var reader = Feed("data: a\ndata: b\n\n");
        reader.TryRead(out _);

        reader.Dispose();
        reader.Dispose();

        Assert.Throws<ObjectDisposedException>(() => reader.TryRead(out _));
        Assert.Throws<ObjectDisposedException>(() => reader.GetMemory());
    }

    [Fact]
    public void TryRead_ManyEvents_AllocatesNothing()
    {
        var stream = Encoding.UTF8.GetBytes("data: {\"choices\":[]}\n\n: ping\n\ndata: a\ndata: b\r\n\r\n");
        using var reader = new SseReader();
        ReadAll(reader, stream);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var events = 0;
        for (var i = 0; i < 1000; i++)
        {
            events += ReadAll(reader, stream);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(3000, events);
    }

    private static int ReadAll(SseReader reader, byte[] stream)
    {
        stream.CopyTo(reader.GetMemory(stream.Length));
        reader.Advance(stream.Length);
        var events = 0;
        while (reader.TryRead(out _))
        {
            events++;
        }

        return events;
    }

    private static SseReader Feed(string stream)
    {
        var reader = new SseReader();
        Feed(reader, stream);
        return reader;
    }

    private static void Feed(SseReader reader, string stream)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        bytes.CopyTo(reader.GetMemory(bytes.Length));
        reader.Advance(bytes.Length);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
