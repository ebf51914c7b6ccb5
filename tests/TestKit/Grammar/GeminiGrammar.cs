using System.Text.Json;
using AIHigress.TestKit.Grammar.Gemini;

namespace AIHigress.TestKit.Grammar;

/// <summary>What a client of Gemini's generateContent may receive. Throws <see cref="GrammarException"/> at the first violation.</summary>
public sealed record GeminiGrammar
{
    /// <summary>Reads a text/event-stream body (alt=sse).</summary>
    public SeenAnswer Stream(ReadOnlySpan<byte> body)
    {
        var frames = SseSplitter.Split(body);
        var stream = new GeminiStream();
        foreach (var frame in frames)
        {
            Require(frame.Name is null, frame, "event-name");
            Require(frame.Data != "[DONE]", frame, "done-marker");
            stream.Take(Node.Parse(frame.Number, frame.Data));
        }

        return stream.End(frames.Count + 1);
    }

    /// <summary>Reads the other form of a stream: one JSON array whose elements count as events.</summary>
    public SeenAnswer Array(ReadOnlySpan<byte> body)
    {
        var list = new Node(0, Node.ParseElement(0, SseSplitter.Decode(body)), "");
        list.Require(list.Kind == JsonValueKind.Array, "array-form");
        var stream = new GeminiStream();
        var number = 0;
        foreach (var item in list.Items())
        {
            number++;
            var chunk = item with { Event = number };
            chunk.Require(chunk.Kind == JsonValueKind.Object, "array-form");
            stream.Take(chunk);
        }

        return stream.End(number + 1);
    }

    /// <summary>Reads an application/json body: an answer or an error.</summary>
    public SeenAnswer Plain(ReadOnlySpan<byte> body)
    {
        var stream = new GeminiStream();
        stream.Take(Node.Parse(0, SseSplitter.Decode(body)));
        return stream.End(0);
    }

    private static void Require(bool holds, SseFrame frame, string rule)
    {
        if (!holds)
        {
            throw new GrammarException(frame.Number, rule, $"{frame.Name} {frame.Data}");
        }
    }
}
