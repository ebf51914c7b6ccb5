namespace AIHigress.TestKit.Grammar.Gemini;

/// <summary>The chunks of one candidate; runs of text of one kind are one part.</summary>
internal sealed class CandidateStream
{
    private readonly List<SeenPart> _parts = [];

    public string? Finish { get; private set; }

    public void Take(Node candidate)
    {
        candidate.Require(Finish is null, "after-finish");
        if (candidate.Has("finishReason"))
        {
            candidate.IsOneOf("finishReason", GeminiShape.FinishReasons, "finish-reason");
            Finish = candidate.Text("finishReason");
        }

        var count = candidate.Has("content") ? TakeContent(candidate.Object("content")) : 0;
        candidate.Require(count > 0 || Finish is not null, "parts-empty");
    }

    public SeenChoice Seen(int index) => new(index, Finish, [.. _parts.Where(p => p.Kind is not SeenKind.Text || p.Text.Length > 0 || p.Signature is not null)]);

    private int TakeContent(Node content)
    {
        content.Is("role", "model", "role");
        var parts = content.Has("parts") ? content.Array("parts").Items().ToList() : [];
        foreach (var part in parts)
        {
            Add(GeminiPart.Read(part), part);
        }

        return parts.Count;
    }

    private void Add(SeenPart part, Node node)
    {
        node.Require(part.Kind != SeenKind.ToolCall || part.Id is null || _parts.TrueForAll(p => p.Id != part.Id), "call-id");
        var last = _parts.LastOrDefault();
        var isText = part.Kind is SeenKind.Text or SeenKind.Reasoning;
        if (isText && last is { Signature: null } && last.Kind == part.Kind)
        {
            _parts[^1] = last with { Text = last.Text + part.Text, Signature = part.Signature };
        }
        else
        {
            _parts.Add(part);
        }
    }
}
