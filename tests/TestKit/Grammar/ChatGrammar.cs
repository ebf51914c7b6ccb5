using AIHigress.TestKit.Grammar.Chat;

namespace AIHigress.TestKit.Grammar;

/// <summary>What a client of OpenAI's chat completions may receive. Throws <see cref="GrammarException"/> at the first violation.</summary>
/// <param name="UsageAsked">The request had stream_options.include_usage: exactly one usage chunk must come, else none may.</param>
public sealed record ChatGrammar(bool UsageAsked = false)
{
    /// <summary>Reads a text/event-stream body.</summary>
    public SeenAnswer Stream(ReadOnlySpan<byte> body)
    {
        var stream = new ChatStream(UsageAsked);
        var frames = SseSplitter.Split(body);
        foreach (var frame in frames)
        {
            stream.Take(frame);
        }

        return stream.End(frames.Count + 1);
    }

    /// <summary>Reads an application/json body: a completion or an error.</summary>
    public SeenAnswer Plain(ReadOnlySpan<byte> body) => ChatBody.Read(Node.Parse(0, SseSplitter.Decode(body)));
}
