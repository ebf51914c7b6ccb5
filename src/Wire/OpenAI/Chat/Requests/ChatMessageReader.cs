using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Requests;

/// <summary>Reads <c>messages</c>: what leads goes above the conversation, tool messages in a row become one turn of the user.</summary>
internal sealed class ChatMessageReader
{
    private readonly List<TextPart> _system = [];
    private readonly List<Message> _messages = [];
    private readonly HashSet<string> _customCalls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _functionCalls = new(StringComparer.Ordinal);
    private List<Part>? _results;

    public (IReadOnlyList<TextPart> System, IReadOnlyList<Message> Messages) Read(JsonFields root)
    {
        if (!root.Has("messages"))
        {
            throw root.Missing("messages");
        }

        foreach (var (value, path) in root.Elements("messages"))
        {
            Add(new JsonFields(value, path));
        }

        return _system.Count + _messages.Count > 0 ? (_system, _messages) : throw root.Bad("messages", "must not be empty");
    }

    private void Add(JsonFields message)
    {
        var role = message.RequireText("role");
        if (role is "tool" or "function")
        {
            AddResult(role == "tool" ? ToolResult(message) : FunctionResult(message));
            return;
        }

        _results = null;
        switch (role)
        {
            case "system" or "developer":
                AddSystem(ChatPartReader.Texts(message));
                break;
            case "user":
                _messages.Add(new Message(Role.User, ChatPartReader.User(message)));
                break;
            case "assistant":
                _messages.Add(new Message(Role.Assistant, Assistant(message)));
                break;
            default:
                throw message.Bad("role", "must be system, developer, user, assistant, tool or function");
        }
    }

    private void AddSystem(List<TextPart> texts)
    {
        if (_messages.Count == 0)
        {
            _system.AddRange(texts);
        }
        else
        {
            _messages.Add(new Message(Role.System, texts));
        }
    }

    private void AddResult(ToolResultPart result)
    {
        if (_results is null)
        {
            _results = [];
            _messages.Add(new Message(Role.User, _results));
        }

        _results.Add(result);
    }

    private ToolResultPart ToolResult(JsonFields message)
    {
        var id = message.RequireText("tool_call_id");
        return new ToolResultPart(id, ChatPartReader.Result(message))
        {
            Name = message.Text("name"),
            IsCustom = _customCalls.Contains(id),
            Cache = ChatPartReader.Cache(message),
        };
    }

    private ToolResultPart FunctionResult(JsonFields message)
    {
        var name = message.RequireText("name");
        var id = _functionCalls.GetValueOrDefault(name) ?? FunctionCallId(name);
        return new ToolResultPart(id, ChatPartReader.Result(message)) { Name = name };
    }

    private List<Part> Assistant(JsonFields message)
    {
        var parts = new List<Part>();
        var details = message.Get("reasoning_details") ?? default;
        var thoughts = message.Text("reasoning_content") ?? message.Text("reasoning");
        parts.AddRange(ChatReasoning.Read(thoughts, details, text => Seal.From(WireProtocol.Chat, text)));
        parts.AddRange(ChatPartReader.Assistant(message));
        if (message.Text("refusal") is { Length: > 0 } refusal)
        {
            parts.Add(new RefusalPart(refusal));
        }

        foreach (var (value, path) in message.Elements("tool_calls"))
        {
            parts.Add(ToolCall(new JsonFields(value, path)));
        }

        if (message.Object("function_call") is { } function)
        {
            var name = function.RequireText("name");
            parts.Add(new ToolCallPart(FunctionCallId(name), name, function.Text("arguments") ?? ""));
        }

        return parts;
    }

    private ToolCallPart ToolCall(JsonFields call)
    {
        var id = call.RequireText("id");
        if (call.Text("type") is "custom")
        {
            var custom = call.Object("custom") ?? throw call.Missing("custom");
            _customCalls.Add(id);
            return new ToolCallPart(id, custom.RequireText("name"), custom.Text("input") ?? "") { IsCustom = true, Seal = SealOf(call) };
        }

        if (call.Text("type") is not (null or "function"))
        {
            throw call.Bad("type", "must be function or custom");
        }

        var function = call.Object("function") ?? throw call.Missing("function");
        return new ToolCallPart(id, function.RequireText("name"), function.Text("arguments") ?? "") { Seal = SealOf(call) };
    }

    private static Seal? SealOf(JsonFields call) =>
        call.Object("extra_content")?.Object("google")?.Text("thought_signature") is { Length: > 0 } signature
            ? Seal.From(WireProtocol.Gemini, signature)
            : null;

    // The form before tools has no ids: a call and its answer are held together by the name.
    private string FunctionCallId(string name)
    {
        var id = $"call_{_functionCalls.Count + _messages.Count}_{string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_').Take(40))}";
        _functionCalls[name] = id;
        return id;
    }
}
