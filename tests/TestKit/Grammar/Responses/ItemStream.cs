using System.Collections.Frozen;

namespace AIHigress.TestKit.Grammar.Responses;

/// <summary>One output item: its parts come as events, and its final form must say the same.</summary>
internal sealed class ItemStream
{
    private static readonly FrozenDictionary<string, PartEvent> Events = new Dictionary<string, PartEvent>
    {
        ["response.content_part.added"] = new("", PartStep.Added),
        ["response.content_part.done"] = new("", PartStep.Done),
        ["response.output_text.delta"] = new("output_text", PartStep.Delta),
        ["response.output_text.done"] = new("output_text", PartStep.Text),
        ["response.output_text.annotation.added"] = new("output_text", PartStep.Annotation),
        ["response.refusal.delta"] = new("refusal", PartStep.Delta),
        ["response.refusal.done"] = new("refusal", PartStep.Text),
        ["response.reasoning_text.delta"] = new("reasoning_text", PartStep.Delta),
        ["response.reasoning_text.done"] = new("reasoning_text", PartStep.Text),
        ["response.reasoning_summary_part.added"] = new("summary_text", PartStep.Added),
        ["response.reasoning_summary_part.done"] = new("summary_text", PartStep.Done),
        ["response.reasoning_summary_text.delta"] = new("summary_text", PartStep.Delta),
        ["response.reasoning_summary_text.done"] = new("summary_text", PartStep.Text),
    }.ToFrozenDictionary();

    private readonly Node _added;
    private readonly string _type;
    private readonly PartList _content = new("content_index");
    private readonly PartList _summary = new("summary_index");
    private readonly CallStream _call = new();

    public ItemStream(Node item)
    {
        _added = item;
        Id = item.Name("id", "item-id");
        _type = item.Name("type", "item-type");
        item.Require(item.TextOrNull("status") is null or "in_progress", "item-status");
        switch (_type)
        {
            case "message":
                item.Is("status", "in_progress", "item-status");
                item.Is("role", "assistant", "role");
                item.Require(!item.Array("content").Items().Any(), "item-start");
                break;
            case "function_call":
                item.Is("status", "in_progress", "item-status");
                ItemShape.CheckCall(item);
                item.Require(item.Text("arguments").Length == 0, "item-start");
                break;
            case "reasoning":
                item.Require(!item.Array("summary").Items().Any(), "item-start");
                break;
            default:
                item.Require(ItemShape.IsHosted(_type), "item-type");
                break;
        }
    }

    public string Id { get; }

    /// <summary>The item of its done event.</summary>
    public Node? Done { get; private set; }

    public IEnumerable<SeenPart> Seen => Done is { } done ? ItemShape.Parts(done) : Unfinished();

    public static bool Knows(string type) => Events.ContainsKey(type) || CallStream.Knows(type);

    public void Take(string type, Node body)
    {
        if (CallStream.Knows(type))
        {
            body.Require(_type == "function_call", "event-item");
            _call.Take(type, body);
            return;
        }

        var step = Events[type];
        var isSummary = step.PartType == "summary_text";
        body.Require(_type == "reasoning" ? step.PartType is "" or "summary_text" or "reasoning_text" : _type == "message" && !isSummary, "event-item");
        (isSummary ? _summary : _content).Take(step, body, _type);
    }

    public void Finish(Node item)
    {
        item.Require(item.Name("id", "item-id") == Id, "item-id");
        item.Require(item.Name("type", "item-type") == _type, "item-type");

        // Whether an incomplete item is allowed is known when the whole response has ended.
        ItemShape.CheckEnded(item, mayBeCutOff: true);
        item.Require(!_content.IsOpen && !_summary.IsOpen, "item-done-open");
        switch (_type)
        {
            case "message":
                _content.CheckSame(item.Array("content"));
                break;
            case "function_call":
                item.Require(item.Text("call_id") == _added.Text("call_id") && item.Text("name") == _added.Text("name"), "item-differs");
                _call.CheckSame(item);
                break;
            case "reasoning":
                _summary.CheckSame(item.Array("summary"));
                if (item.Has("content"))
                {
                    _content.CheckSame(item.Array("content"));
                }

                break;
        }

        Done = item;
    }

    private IEnumerable<SeenPart> Unfinished() => _type switch
    {
        "message" => _content.Seen,
        "function_call" => [new SeenPart(SeenKind.ToolCall, CallArguments.Compact(_call.Text), _added.Text("call_id"), _added.Text("name"))],
        "reasoning" => [new SeenPart(SeenKind.Reasoning, string.Join("\n\n", (_content.Seen.Count > 0 ? _content : _summary).Seen.Select(p => p.Text)))],
        _ => [new SeenPart(SeenKind.Other, CallArguments.Compact(_added.Value), Name: _type)],
    };
}
