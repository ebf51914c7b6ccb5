using System.Text.Json;

namespace AIHigress.TestKit.Grammar.Chat;

/// <summary>The function calls of one choice: named by their first delta, then increments of arguments, one call after the other.</summary>
internal sealed class ChatCallStream
{
    private readonly List<SeenPart> _calls = [];

    public IReadOnlyList<SeenPart> Seen => _calls;

    public void Take(Node deltas)
    {
        deltas.Require(deltas.Kind == JsonValueKind.Array, "members");
        deltas.Require(deltas.Value.GetArrayLength() > 0, "tool-calls-empty");
        foreach (var delta in deltas.Items())
        {
            TakeDelta(delta);
        }
    }

    private void TakeDelta(Node delta)
    {
        var index = delta.Count("index", "tool-index");
        if (index == _calls.Count)
        {
            Start(delta);
            return;
        }

        delta.Require(index == _calls.Count - 1, "tool-index");
        delta.Require(delta.Find("id") is null && delta.Find("type") is null, "tool-repeated");
        var function = delta.Object("function");
        delta.Require(function.Find("name") is null, "tool-repeated");
        _calls[^1] = _calls[^1] with { Text = _calls[^1].Text + function.Text("arguments") };
    }

    private void Start(Node delta)
    {
        var id = delta.Name("id", "tool-first");
        delta.Require(_calls.TrueForAll(c => c.Id != id), "tool-id");
        delta.Member("type", "tool-first");
        delta.Is("type", "function", "tool-type");
        var function = delta.Object("function", "tool-first");
        var name = function.Name("name", "tool-first");
        _calls.Add(new SeenPart(SeenKind.ToolCall, function.TextOrNull("arguments") ?? "", id, name));
    }
}
