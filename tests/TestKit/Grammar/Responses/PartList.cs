namespace AIHigress.TestKit.Grammar.Responses;

/// <summary>The content parts or the summary parts of one item: dense indices, one open at a time.</summary>
/// <param name="indexName">content_index or summary_index.</param>
internal sealed class PartList(string indexName)
{
    private readonly List<PartStream> _parts = [];

    public bool IsOpen => _parts.Count > 0 && !_parts[^1].IsDone;

    public IReadOnlyList<SeenPart> Seen => [.. _parts.Select(p => p.Seen)];

    public void Take(PartEvent step, Node body, string itemType)
    {
        var index = body.Count(indexName, "part-index");
        if (step.Step == PartStep.Added)
        {
            body.Require(!IsOpen, "part-open");
            body.Require(index == _parts.Count, "part-index");
            _parts.Add(new PartStream(body.Object("part"), itemType, isSummary: step.PartType.Length > 0));
            return;
        }

        body.Require(index < _parts.Count, "part-index");
        _parts[(int)index].Take(step, body);
    }

    public void CheckSame(Node list)
    {
        var listed = list.Items().ToList();
        list.Require(listed.Count == _parts.Count, "item-differs");
        for (var i = 0; i < listed.Count; i++)
        {
            listed[i].Require(_parts[i].IsSame(listed[i]), "item-differs");
        }
    }
}
