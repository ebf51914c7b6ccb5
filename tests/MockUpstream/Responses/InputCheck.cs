using System.Text.Json;
using AIHigress.MockUpstream.Answering;

namespace AIHigress.MockUpstream.Responses;

/// <summary>What OpenAI refuses in input items: unknown kinds, calls and outputs that do not pair, thoughts and items it does not know.</summary>
internal sealed class InputCheck(ResponseStore store, string server, IEnumerable<string> openCalls)
{
    private static readonly HashSet<string> Passed =
    [
        "web_search_call", "file_search_call", "computer_call", "computer_call_output", "code_interpreter_call", "image_generation_call",
        "local_shell_call", "local_shell_call_output", "shell_call", "shell_call_output", "apply_patch_call", "apply_patch_call_output",
        "mcp_list_tools", "mcp_approval_request", "mcp_approval_response", "mcp_call", "compaction", "tool_search_call", "tool_search_output",
        "additional_tools",
    ];

    private static readonly HashSet<string> InputParts = ["input_text", "input_image", "input_file", "input_audio"];
    private static readonly HashSet<string> OutputParts = ["output_text", "refusal"];

    private readonly HashSet<string> _open = new(openCalls, StringComparer.Ordinal);

    /// <exception cref="RequestRefusedException">The items break a rule.</exception>
    public static void Check(IReadOnlyList<JsonElement> items, ResponseStore store, string server, IEnumerable<string> openCalls)
    {
        var check = new InputCheck(store, server, openCalls);
        for (var i = 0; i < items.Count; i++)
        {
            check.Item(items[i], $"input[{i}]");
        }

        if (check._open.Count > 0)
        {
            throw Invalid("input", $"No tool output found for function call {check._open.First()}.");
        }
    }

    public static bool IsOutput(JsonElement item) => item.Text("type")?.EndsWith("_call_output", StringComparison.Ordinal) == true;

    private void Item(JsonElement item, string at)
    {
        var type = item.Text("type") ?? (item.Text("role") is null ? "" : "message");
        switch (type)
        {
            case "message":
                Message(item, at);
                break;
            case "function_call":
                Call(item, at, "arguments");
                break;
            case "custom_tool_call":
                Call(item, at, "input");
                break;
            case "function_call_output" or "custom_tool_call_output":
                Output(item, at);
                break;
            case "reasoning":
                Reasoning(item, at);
                break;
            case "item_reference":
                Known(item, at);
                break;
            default:
                Demand(Passed.Contains(type), $"{at}.type", $"Invalid value: '{type}'.");
                break;
        }
    }

    private static void Message(JsonElement item, string at)
    {
        var role = item.Text("role");
        Demand(role is "user" or "assistant" or "system" or "developer", $"{at}.role", $"Invalid value: '{role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.");
        Demand(item.Get("content") is { ValueKind: JsonValueKind.String or JsonValueKind.Array }, $"{at}.content", $"Missing required parameter: '{at}.content'.");
        var allowed = role == "assistant" ? OutputParts : InputParts;
        var j = 0;
        foreach (var part in item.List("content"))
        {
            Demand(
                allowed.Contains(part.Text("type") ?? ""),
                $"{at}.content[{j}]",
                $"Invalid value: '{part.Text("type")}'. Supported values are: {string.Join(", ", allowed.Select(p => $"'{p}'"))}.");
            j++;
        }
    }

    private void Call(JsonElement item, string at, string argument)
    {
        Demand(item.Text("name") is { Length: > 0 }, $"{at}.name", $"Missing required parameter: '{at}.name'.");
        Demand(item.Text(argument) is not null, $"{at}.{argument}", $"Missing required parameter: '{at}.{argument}'.");
        _open.Add(item.Text("call_id") ?? throw Invalid($"{at}.call_id", $"Missing required parameter: '{at}.call_id'."));
    }

    private void Output(JsonElement item, string at)
    {
        var id = item.Text("call_id");
        Demand(id is not null && _open.Remove(id), "input", $"No tool call found for function call output with call_id {id}.");
        Demand(item.Get("output") is { ValueKind: JsonValueKind.String or JsonValueKind.Array }, $"{at}.output", $"Missing required parameter: '{at}.output'.");
    }

    private void Reasoning(JsonElement item, string at)
    {
        Demand(item.Get("summary") is { ValueKind: JsonValueKind.Array }, $"{at}.summary", $"Missing required parameter: '{at}.summary'.");
        if (item.Text("encrypted_content") is not { } encrypted)
        {
            Known(item, at);
        }
        else if (!Signatures.IsOne(encrypted, server))
        {
            throw new RequestRefusedException(new MockError(400, $"The encrypted content for item {item.Text("id")} could not be verified.") { Code = "invalid_encrypted_content" });
        }
    }

    private void Known(JsonElement item, string at)
    {
        if (item.Text("id") is not { } id || !store.KnowsItem(id))
        {
            throw new RequestRefusedException(new MockError(404, $"Item with id '{item.Text("id")}' not found.") { Type = "invalid_request_error", Param = at });
        }
    }

    private static void Demand(bool met, string param, string message)
    {
        if (!met)
        {
            throw Invalid(param, message);
        }
    }

    private static RequestRefusedException Invalid(string param, string message) =>
        new(new MockError(400, message) { Code = "invalid_value", Param = param });
}
