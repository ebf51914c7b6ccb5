using System.Collections.Frozen;

namespace AIHigress.TestKit.Grammar.Responses;

/// <summary>Output items as they stand when they have ended.</summary>
internal static class ItemShape
{
    private static readonly FrozenSet<string> Statuses = FrozenSet.Create("in_progress", "completed", "incomplete");

    /// <summary>Items that hosted tools make; their inside is not looked into.</summary>
    public static bool IsHosted(string type) => type is "web_search_call" or "file_search_call" or "code_interpreter_call" or "image_generation_call"
        or "computer_call" or "mcp_call" or "mcp_list_tools" or "mcp_approval_request" or "custom_tool_call" or "local_shell_call" or "shell_call"
        or "shell_call_output" or "apply_patch_call" or "compaction";

    /// <param name="mayBeCutOff">The whole response is incomplete, so this item may be too.</param>
    public static void CheckEnded(Node item, bool mayBeCutOff)
    {
        item.Name("id", "item-id");
        var type = item.Name("type", "item-type");
        if (type != "reasoning" || item.Has("status"))
        {
            item.IsOneOf("status", Statuses, "item-status");
            var isIncomplete = item.Text("status") == "incomplete";
            item.Require(item.Text("status") == "completed" || (mayBeCutOff && isIncomplete) || IsHosted(type), "item-status");
            mayBeCutOff = isIncomplete;
        }

        switch (type)
        {
            case "message":
                item.Is("role", "assistant", "role");
                Check(item.Array("content"), CheckContent);
                break;
            case "function_call":
                CheckCall(item);
                item.Require(mayBeCutOff || CallArguments.AreObject(item.Text("arguments")), "arguments-json");
                break;
            case "reasoning":
                Check(item.Array("summary"), CheckSummary);
                break;
            default:
                item.Require(IsHosted(type), "item-type");
                break;
        }
    }

    public static void CheckCall(Node item)
    {
        item.Name("call_id", "call-members");
        item.Name("name", "call-members");
        item.Text("arguments", "call-members");
    }

    public static IEnumerable<SeenPart> Parts(Node item) => item.Name("type", "item-type") switch
    {
        "message" => item.Array("content").Items().Select(Content),
        "function_call" => [new SeenPart(SeenKind.ToolCall, CallArguments.Compact(item.Text("arguments")), item.Text("call_id"), item.Text("name"))],
        "reasoning" => [Reasoning(item)],
        var type => [new SeenPart(SeenKind.Other, CallArguments.Compact(item.Value), Name: type)],
    };

    private static void Check(Node list, Action<Node> check)
    {
        foreach (var part in list.Items())
        {
            check(part);
        }
    }

    private static void CheckContent(Node part)
    {
        var type = part.Name("type", "part-type");
        part.Require(type is "output_text" or "refusal", "part-type");
        if (type == "refusal")
        {
            part.Text("refusal");
            return;
        }

        part.Text("text");
        part.Array("annotations");
    }

    private static void CheckSummary(Node part)
    {
        part.Is("type", "summary_text", "part-type");
        part.Text("text");
    }

    private static SeenPart Content(Node part) => part.Text("type") == "refusal"
        ? new SeenPart(SeenKind.Refusal, part.Text("refusal"))
        : new SeenPart(SeenKind.Text, part.Text("text"));

    /// <summary>The thoughts themselves where they are shown, else their summary.</summary>
    private static SeenPart Reasoning(Node item)
    {
        var shown = item.Has("content") ? item.Array("content").Items().ToList() : [];
        var texts = shown.Count > 0 ? shown : item.Array("summary").Items();
        return new SeenPart(SeenKind.Reasoning, string.Join("\n\n", texts.Select(t => t.Text("text"))), Signature: item.TextOrNull("encrypted_content"));
    }
}
