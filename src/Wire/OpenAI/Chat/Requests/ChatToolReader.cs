using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Requests;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>, and their forerunners <c>functions</c> and <c>function_call</c>.</summary>
internal static class ChatToolReader
{
    public static List<ToolDefinition> Tools(JsonFields root)
    {
        var tools = new List<ToolDefinition>();
        foreach (var (value, path) in root.Elements("tools"))
        {
            var tool = new JsonFields(value, path);
            switch (tool.RequireText("type"))
            {
                case "function":
                    tools.Add(Function(tool.Object("function") ?? throw tool.Missing("function")) with { Cache = ChatPartReader.Cache(tool) });
                    break;
                case "custom":
                    tools.Add(Custom(tool.Object("custom") ?? throw tool.Missing("custom")));
                    break;
                default:
                    // A server's own tool: an offer that only it can keep; the field table says that it is dropped.
                    break;
            }
        }

        foreach (var (value, path) in root.Elements("functions"))
        {
            tools.Add(Function(new JsonFields(value, path)));
        }

        return tools;
    }

    public static ToolChoice? Choice(JsonFields root) => root.Get("tool_choice") switch
    {
        null => FunctionCall(root),
        { ValueKind: JsonValueKind.String } word => new ToolChoice(Mode(root, "tool_choice", JsonTree.Text(word))),
        { ValueKind: JsonValueKind.Object } => Choice(root.Object("tool_choice")!.Value, root),
        { } other => throw root.Wrong("tool_choice", "a string or an object", other),
    };

    private static FunctionTool Function(JsonFields function) => new(function.RequireText("name"))
    {
        Description = function.Text("description"),
        Parameters = function.Object("parameters") is null ? null : function.Raw("parameters"),
        Strict = function.Flag("strict"),
    };

    private static CustomTool Custom(JsonFields custom) => new(custom.RequireText("name"))
    {
        Description = custom.Text("description"),
        Format = custom.Object("format") is { } format ? Format(format) : null,
    };

    // Chat keeps a grammar's members in an object of their own, Responses beside the type; the intermediate form is the flat one.
    private static string Format(JsonFields format)
    {
        if (format.Object("grammar") is not { } grammar)
        {
            return JsonTree.Raw(format.Element);
        }

        var definition = grammar.Raw("definition") ?? throw grammar.Missing("definition");
        return string.Concat(["{\"type\":\"grammar\",\"syntax\":", grammar.Raw("syntax") ?? "\"lark\"", ",\"definition\":", definition, "}"]);
    }

    private static ToolChoice Choice(JsonFields choice, JsonFields root)
    {
        switch (choice.RequireText("type"))
        {
            case "function":
                return Named(choice.Object("function") ?? throw choice.Missing("function"));
            case "custom":
                return Named(choice.Object("custom") ?? throw choice.Missing("custom"));
            case "allowed_tools":
                var allowed = choice.Object("allowed_tools") ?? throw choice.Missing("allowed_tools");
                return new ToolChoice(Mode(allowed, "mode", allowed.RequireText("mode"))) { Allowed = Allowed(allowed) };
            default:
                throw root.Bad("tool_choice", "must name a function, a custom tool or allowed_tools");
        }
    }

    private static ToolChoice Named(JsonFields tool) => new(ToolChoiceMode.Named) { Name = tool.RequireText("name") };

    private static List<string> Allowed(JsonFields allowed)
    {
        var names = new List<string>();
        foreach (var (value, path) in allowed.Elements("tools"))
        {
            var tool = new JsonFields(value, path);
            var named = tool.Object("function") ?? tool.Object("custom") ?? tool;
            names.Add(named.RequireText("name"));
        }

        return names.Count > 0 ? names : throw allowed.Missing("tools");
    }

    private static ToolChoice? FunctionCall(JsonFields root) => root.Get("function_call") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } word => new ToolChoice(Mode(root, "function_call", JsonTree.Text(word))),
        _ => Named(root.Object("function_call")!.Value),
    };

    private static ToolChoiceMode Mode(JsonFields fields, string name, string word) => word switch
    {
        "auto" => ToolChoiceMode.Auto,
        "none" => ToolChoiceMode.None,
        "required" => ToolChoiceMode.Required,
        _ => throw fields.Bad(name, "must be auto, none or required"),
    };
}
