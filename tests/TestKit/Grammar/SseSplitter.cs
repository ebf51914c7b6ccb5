using System.Text;

namespace AIHigress.TestKit.Grammar;

/// <summary>
/// Splits a body into events as the WHATWG text says, and refuses what that text tolerates but real clients trip over:
/// mixed line ends, a byte order mark, events without data, a last event without its blank line.
/// </summary>
internal static class SseSplitter
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static List<SseFrame> Split(ReadOnlySpan<byte> body)
    {
        var text = Decode(body);
        var lines = Lines(text);
        var frames = new List<SseFrame>();
        var block = new SseBlock();
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                if (block.Close(frames.Count + 1) is { } frame)
                {
                    frames.Add(frame);
                }

                block = new SseBlock();
            }
            else
            {
                block.Take(frames.Count + 1, line);
            }
        }

        if (block.HasFields)
        {
            throw new GrammarException(frames.Count + 1, "sse-cut", $"no blank line after the last event: {lines[^1]}");
        }

        return frames;
    }

    /// <summary>Text of a body that must be UTF-8 without a byte order mark.</summary>
    public static string Decode(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("\uFEFF"u8))
        {
            throw new GrammarException(0, "sse-bom", "the body starts with a byte order mark");
        }

        try
        {
            return Strict.GetString(body);
        }
        catch (DecoderFallbackException e)
        {
            throw new GrammarException(0, "sse-utf8", $"byte {e.Index}: {Convert.ToHexString(e.BytesUnknown ?? [])}");
        }
    }

    private static string[] Lines(string text)
    {
        var feeds = text.Count(c => c == '\n');
        var returns = text.Count(c => c == '\r');
        var pairs = text.Split("\r\n").Length - 1;
        if (returns != pairs || (pairs != 0 && pairs != feeds))
        {
            throw new GrammarException(0, "sse-line-ends", $"{feeds} line feeds, {returns} carriage returns, {pairs} of them together");
        }

        var lines = text.Split(pairs == 0 ? "\n" : "\r\n");

        // What follows the last line end is a line only if there is something.
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
