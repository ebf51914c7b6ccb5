using System.Text;
using AIHigress.Wire.Sse;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire.Sse;

/// <summary>Whatever the chunks, the events are those that the standard's text gives for the whole stream.</summary>
public sealed class SseReaderProperties
{
    private static readonly Gen<string> LineEnd = Gen.OneOf("\n", "\r\n", "\r");

    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.OneOf("", "", "data", "data:", "data: ", ":", ": ping", "event: delta", "event", "id: 7", "retry: 10", "x: y", " data: no", "data : no"),
        Gen.OneOf("é", "日本", "😀", "a", " ", ":", "{\"x\":1}").Array[0, 6].Select(pieces => $"data: {string.Concat(pieces)}"));

    private static readonly Gen<string> Stream = Gen.Select(
        Gen.OneOf("", "", "\uFEFF"),
        Gen.Select(Line, LineEnd).Select((line, end) => line + end).Array[0, 14],
        Line)
        .Select((mark, lines, tail) => mark + string.Concat(lines) + tail);

    [Fact]
    public void TryRead_AnyChunking_GivesTheSameEvents() =>
        Gen.Select(Stream, Gen.Int[1, 9].Array[1, 8]).Sample(
            (stream, sizes) =>
            {
                var bytes = Encoding.UTF8.GetBytes(stream);
                var expected = Reference(stream);

                Assert.Equal(expected, Read(bytes, [bytes.Length + 1]));
                Assert.Equal(expected, Read(bytes, [1]));
                Assert.Equal(expected, Read(bytes, sizes));
            },
            iter: 10_000,
            threads: 1);

    /// <summary>The standard, read naively: all line ends alike, then line by line over the whole text.</summary>
    private static List<Event> Reference(string stream)
    {
        var text = stream.StartsWith('\uFEFF') ? stream[1..] : stream;
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        var events = new List<Event>();
        var block = new List<string>();
        foreach (var line in lines[..^1])
        {
            if (line.Length > 0)
            {
                block.Add(line);
                continue;
            }

            events.Add(Dispatch(block, isComplete: true));
            block.Clear();
        }

        if (lines[^1].Length > 0)
        {
            block.Add(lines[^1]);
        }

        if (block.Count > 0)
        {
            events.Add(Dispatch(block, isComplete: false));
        }

        return events;
    }

    private static Event Dispatch(List<string> block, bool isComplete)
    {
        var fields = block.Select(line => line.Split(':', 2)).Select(parts => (Name: parts[0], Value: Unspaced(parts.Length > 1 ? parts[1] : ""))).ToList();
        var data = fields.Where(field => field.Name == "data").Select(field => field.Value).ToList();
        return new Event(
            fields.LastOrDefault(field => field.Name == "event").Value ?? "",
            string.Join('\n', data),
            fields.LastOrDefault(field => field.Name == "id").Value ?? "",
            data.Count > 0,
            isComplete);
    }

    private static string Unspaced(string value) => value.StartsWith(' ') ? value[1..] : value;

    private static List<Event> Read(byte[] stream, int[] sizes)
    {
        using var reader = new SseReader(initialBytes: 16);
        var events = new List<Event>();
        var raw = new List<byte>();
        var at = 0;
        for (var turn = 0; at < stream.Length; turn++)
        {
            var size = Math.Min(sizes[turn % sizes.Length], stream.Length - at);
            stream.AsSpan(at, size).CopyTo(reader.GetMemory(size).Span);
            reader.Advance(size);
            at += size;
            Drain(reader, events, raw);
        }

        reader.Complete();
        Drain(reader, events, raw);
        RawIsTheStream(stream, raw);
        return events;
    }

    private static void Drain(SseReader reader, List<Event> events, List<byte> raw)
    {
        while (reader.TryRead(out var ev))
        {
            events.Add(new Event(Text(ev.EventName), Text(ev.Data), Text(ev.Id), ev.HasData, ev.IsComplete));
            raw.AddRange(ev.Raw.Span);
        }
    }

    // The one byte that may be missing is a last LF whose CR had already ended an event in a stream of lone CRs.
    private static void RawIsTheStream(byte[] stream, List<byte> raw)
    {
        var expected = stream.AsSpan().StartsWith("\uFEFF"u8) ? stream[3..] : stream;
        if (raw.Count == expected.Length - 1 && expected.AsSpan().EndsWith("\r\n"u8))
        {
            raw.Add((byte)'\n');
        }

        Assert.Equal(expected, raw);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private sealed record Event(string Name, string Data, string Id, bool HasData, bool IsComplete);
}
