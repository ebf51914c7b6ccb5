using AIHigress.TestKit.Grammar.Messages;

namespace AIHigress.TestKit.Grammar;

/// <summary>What a client of Anthropic's messages may receive. Throws <see cref="GrammarException"/> at the first violation.</summary>
/// <param name="MaxBlocks">More content blocks than this are refused: one continuous text must not come in pieces.</param>
public sealed record MessagesGrammar(int MaxBlocks = int.MaxValue)
{
    /// <summary>Reads a text/event-stream body.</summary>
    public SeenAnswer Stream(ReadOnlySpan<byte> body)
    {
        var stream = new MessagesStream(MaxBlocks);
        var frames = SseSplitter.Split(body);
        foreach (var frame in frames)
        {
            stream.Take(frame);
        }

        return stream.End(frames.Count + 1);
    }

    /// <summary>Reads an application/json body: a message or an error.</summary>
    public SeenAnswer Plain(ReadOnlySpan<byte> body) => MessageBody.Read(Node.Parse(0, SseSplitter.Decode(body)), MaxBlocks);
}
