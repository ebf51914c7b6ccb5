using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Requests;

/// <summary>
/// Puts the flat list of input items together to turns: what the model made in a row is one assistant's turn, results of tools and the
/// user's message after them are one user's turn, instructions in front of everything are the system's.
/// </summary>
internal sealed class ResponsesInputReader
{
    private readonly List<TextPart> _system = [];
    private readonly List<(Role Role, List<Part> Parts)> _turns = [];
    private readonly Dictionary<string, Seal> _callSeals = [];
    private readonly List<ToolDefinition> _tools = [];

    public IReadOnlyList<TextPart> System => _system;

    /// <summary>Tools that are offered between the items, as Codex does.</summary>
    public IReadOnlyList<ToolDefinition> Tools => _tools;

    public void AddInstructions(string text) => _system.Add(new TextPart(text));

    public IReadOnlyList<Message> Messages() => [.. _turns.Select(t => new Message(t.Role, [.. t.Parts.Select(WithSeal)]))];

    public void Read(JsonFields root)
    {
        if (root.Get("input") is not { } input)
        {
            return;
        }

        if (input.ValueKind == JsonValueKind.String)
        {
            _turns.Add((Role.User, [new TextPart(JsonTree.Text(input))]));
            return;
        }

        if (input.ValueKind != JsonValueKind.Array)
        {
            throw root.Wrong("input", "a string or an array", input);
        }

        foreach (var (value, path) in root.Elements("input"))
        {
            ReadItem(new JsonFields(value, path));
        }
    }

    private void ReadItem(JsonFields item)
    {
        var type = item.Text("type") ?? (item.Has("role") ? "message" : "item_reference");
        switch (type)
        {
            case "message":
                ReadMessage(item);
                break;
            case "function_call":
                AddAssistant(new ToolCallPart(
                    item.RequireText("call_id"), ToolNames.Join(item.Text("namespace"), item.RequireText("name")), item.Text("arguments") ?? ""));
                break;
            case "custom_tool_call":
                AddAssistant(new ToolCallPart(
                    item.RequireText("call_id"), ToolNames.Join(item.Text("namespace"), item.RequireText("name")), item.Text("input") ?? "")
                { IsCustom = true });
                break;
            case "local_shell_call":
                ReadShellCall(item);
                break;
            case "function_call_output":
                AddResult(ReadResult(item, "call_id"));
                break;
            case "custom_tool_call_output":
                AddResult(ReadResult(item, "call_id") with { IsCustom = true });
                break;
            case "local_shell_call_output":
                AddResult(ReadResult(item, item.Has("call_id") ? "call_id" : "id"));
                break;
            case "reasoning":
                ReadReasoning(item);
                break;
            case "additional_tools":
                _tools.AddRange(ResponsesToolReader.ReadTools(item));
                break;
            default:
                // Hosted items and references are left to the field table.
                if (!HostedItems.IsKnownItem(type))
                {
                    throw item.Bad("type", "is no kind of item known here");
                }

                break;
        }
    }

    private void ReadMessage(JsonFields item)
    {
        switch (item.RequireText("role"))
        {
            case "user":
                AddUser(ResponsesContentReader.Read(item, "content"));
                break;
            case "assistant":
                TurnOf(Role.Assistant).AddRange(ResponsesContentReader.Read(item, "content"));
                break;
            case "system" or "developer":
                ReadSystem(item);
                break;
            default:
                throw item.Bad("role", "must be user, assistant, system or developer");
        }
    }

    private void ReadSystem(JsonFields item)
    {
        var parts = ResponsesContentReader.Read(item, "content");
        if (_turns.Count == 0 && parts.TrueForAll(p => p is TextPart))
        {
            _system.AddRange(parts.Cast<TextPart>());
        }
        else if (parts.Count > 0)
        {
            _turns.Add((Role.System, parts));
        }
    }

    private void ReadShellCall(JsonFields item)
    {
        var action = item.Object("action") ?? throw item.Missing("action");
        AddAssistant(new ToolCallPart(item.Text("call_id") ?? item.RequireText("id"), LocalShell.Name, LocalShell.Arguments(action.Element)));
    }

    private static ToolResultPart ReadResult(JsonFields item, string idName)
    {
        var content = ResponsesContentReader.Read(item, "output");
        return new ToolResultPart(item.RequireText(idName), content is [TextPart { Text: "" }] ? [] : content);
    }

    private void ReadReasoning(JsonFields item)
    {
        var seal = item.Text("encrypted_content") is { Length: > 0 } sealedText ? Seal.From(WireProtocol.Responses, sealedText) : null;
        if (seal is not null && ItemSeal.TryReadCall(seal, out var callId, out var callSeal))
        {
            _callSeals[callId] = callSeal;
            return;
        }

        var text = ReadThoughts(item, "content");
        text = text.Length > 0 ? text : ReadThoughts(item, "summary");
        var isRedacted = ItemSeal.TryReadRedacted(ref seal);
        AddAssistant(new ReasoningPart(isRedacted ? "" : text) { Seal = seal, IsRedacted = isRedacted, Id = item.Text("id") });
    }

    private static string ReadThoughts(JsonFields item, string name) => string.Join(
        "\n\n", item.Elements(name).Select(e => new JsonFields(e.Value, e.Path).RequireText("text")).Where(t => t.Length > 0));

    private void AddAssistant(Part part) => TurnOf(Role.Assistant).Add(part);

    private void AddResult(ToolResultPart result)
    {
        if (_turns is [.., (Role.User, [.., ToolResultPart] parts)])
        {
            parts.Add(result);
        }
        else
        {
            _turns.Add((Role.User, [result]));
        }
    }

    private void AddUser(List<Part> parts)
    {
        if (_turns is [.., (Role.User, [.., ToolResultPart] results)])
        {
            results.AddRange(parts);
        }
        else
        {
            _turns.Add((Role.User, parts));
        }
    }

    private List<Part> TurnOf(Role role)
    {
        if (_turns is [.., var last] && last.Role == role)
        {
            return last.Parts;
        }

        var parts = new List<Part>();
        _turns.Add((role, parts));
        return parts;
    }

    private Part WithSeal(Part part) =>
        part is ToolCallPart call && _callSeals.TryGetValue(call.Id, out var seal) ? call with { Seal = seal } : part;
}
