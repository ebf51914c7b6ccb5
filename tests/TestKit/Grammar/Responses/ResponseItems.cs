using System.Text.Json;

namespace AIHigress.TestKit.Grammar.Responses;

/// <summary>The output items of a stream by their index.</summary>
internal sealed class ResponseItems
{
    // Progress of hosted tools: numbered and tied to an item, otherwise not looked into.
    private static readonly string[] HostedPrefixes =
    [
        "response.web_search_call.", "response.file_search_call.", "response.code_interpreter_call.", "response.code_interpreter_call_code.",
        "response.image_generation_call.", "response.mcp_call.", "response.mcp_call_arguments.", "response.mcp_list_tools.",
        "response.custom_tool_call_input.", "response.shell_call_command.", "response.shell_call_output_content.",
    ];

    private readonly List<ItemStream> _items = [];

    public IReadOnlyList<SeenPart> Seen => [.. _items.SelectMany(i => i.Seen)];

    public void Take(string type, Node body)
    {
        if (type == "response.output_item.added")
        {
            body.Require(body.Count("output_index", "output-index") == _items.Count, "output-index");
            var added = new ItemStream(body.Object("item"));
            body.Require(_items.TrueForAll(i => i.Id != added.Id), "item-id");
            _items.Add(added);
            return;
        }

        var isHosted = HostedPrefixes.Any(p => type.StartsWith(p, StringComparison.Ordinal));
        body.Require(isHosted || type == "response.output_item.done" || ItemStream.Knows(type), "event-type");
        var item = Find(body);
        body.Require(item.Done is null, "item-closed");
        if (type == "response.output_item.done")
        {
            item.Finish(body.Object("item"));
            return;
        }

        body.Require(body.Name("item_id", "item-id") == item.Id, "item-id");
        if (!isHosted)
        {
            item.Take(type, body);
        }
    }

    public void CheckAllDone(Node terminal) => terminal.Require(_items.TrueForAll(i => i.Done is not null), "terminal-open");

    public void CheckSame(Node output)
    {
        var listed = output.Items().ToList();
        output.Require(listed.Count == _items.Count, "output-differs");
        for (var i = 0; i < listed.Count; i++)
        {
            listed[i].Require(JsonElement.DeepEquals(listed[i].Value, _items[i].Done!.Value.Value), "output-differs");
        }
    }

    private ItemStream Find(Node body)
    {
        var index = body.Count("output_index", "output-index");
        body.Require(index < _items.Count, "output-index");
        return _items[(int)index];
    }
}
