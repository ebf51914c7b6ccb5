using AIHigress.TestKit.Grammar.Responses;

namespace AIHigress.TestKit.Grammar;

/// <summary>What a client of OpenAI's responses may receive. Throws <see cref="GrammarException"/> at the first violation.</summary>
public sealed record ResponsesGrammar
{
    /// <summary>Reads a text/event-stream body.</summary>
    public SeenAnswer Stream(ReadOnlySpan<byte> body)
    {
        var stream = new ResponsesStream();
        var frames = SseSplitter.Split(body);
        foreach (var frame in frames)
        {
            stream.Take(frame);
        }

        return stream.End(frames.Count + 1);
    }

    /// <summary>Reads an application/json body: a response that has ended, or an error.</summary>
    public SeenAnswer Plain(ReadOnlySpan<byte> body)
    {
        var node = Node.Parse(0, SseSplitter.Decode(body));
        if (node.Has("error") && node.Find("object") is null)
        {
            return new SeenAnswer { Error = OpenAIErrorShape.Read(node) };
        }

        ResponseShape.CheckMembers(node);
        return ResponseShape.ReadEnded(node);
    }
}
