using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Requests;

/// <summary>Reads tools and tool_choice. Tools that OpenAI hosts are not in the intermediate form; the field table has them.</summary>
internal static class ResponsesToolReader
{
    // Stands for parameters that were not given; see the writer.
    internal const string NoParameters = """{"type":"object","properties":{}}""";

    /// <param name="owner">The request, or an item that offers more.</param>
    public static List<ToolDefinition> ReadTools(JsonFields owner)
    {
        var tools = new List<ToolDefinition>();
        foreach (var (value, path) in owner.Elements("tools"))
        {
            ReadTool(new JsonFields(value, path), space: null, tools);
        }

        return tools;
    }

    /// <summary>Null also where none of the tools that it speaks of is left.</summary>
    public static ToolChoice? ReadChoice(JsonFields root, IReadOnlyList<ToolDefinition> tools)
    {
        if (root.Get("tool_choice") is not { } choice)
        {
            return null;
        }

        var read = choice.ValueKind switch
        {
            JsonValueKind.String => new ToolChoice(ReadMode(root, "tool_choice")),
            JsonValueKind.Object => ReadChoice(new JsonFields(choice, root.PathOf("tool_choice"))),
            _ => throw root.Wrong("tool_choice", "a string or an object", choice),
        };
        return tools.Count == 0 && root.Has("tools") ? null : read;
    }

    private static ToolChoice? ReadChoice(JsonFields choice)
    {
        switch (choice.RequireText("type"))
        {
            case "function" or "custom":
                return new ToolChoice(ToolChoiceMode.Named) { Name = ToolNames.Join(choice.Text("namespace"), choice.RequireText("name")) };
            case LocalShell.Name:
                return new ToolChoice(ToolChoiceMode.Named) { Name = LocalShell.Name };
            case "allowed_tools":
                return new ToolChoice(ReadMode(choice, "mode"))
                {
                    Allowed = [.. choice.Elements("tools").Select(e => new JsonFields(e.Value, e.Path)).Select(AllowedName).OfType<string>()],
                };
            default:
                return null;
        }
    }

    private static string? AllowedName(JsonFields tool) => tool.RequireText("type") switch
    {
        "function" or "custom" => ToolNames.Join(tool.Text("namespace"), tool.RequireText("name")),
        LocalShell.Name => LocalShell.Name,
        _ => null,
    };

    private static ToolChoiceMode ReadMode(JsonFields owner, string name) => owner.RequireText(name) switch
    {
        "auto" => ToolChoiceMode.Auto,
        "none" => ToolChoiceMode.None,
        "required" => ToolChoiceMode.Required,
        _ => throw owner.Bad(name, "must be auto, none or required"),
    };

    private static void ReadTool(JsonFields tool, string? space, List<ToolDefinition> tools)
    {
        switch (tool.RequireText("type"))
        {
            case "function":
                var parameters = tool.Object("parameters") is { } schema ? JsonTree.Raw(schema.Element) : null;
                tools.Add(new FunctionTool(ToolNames.Join(space, tool.RequireText("name")))
                {
                    Description = tool.Text("description"),
                    Parameters = parameters == NoParameters ? null : parameters,
                    Strict = tool.Flag("strict"),
                    Namespace = space,
                });
                break;
            case "custom":
                tools.Add(new CustomTool(ToolNames.Join(space, tool.RequireText("name")))
                {
                    Description = tool.Text("description"),
                    Format = tool.Object("format") is { } format ? JsonTree.Raw(format.Element) : null,
                    Namespace = space,
                });
                break;
            case LocalShell.Name:
                tools.Add(LocalShell.Tool);
                break;
            case "namespace":
                var name = tool.RequireText("name");
                foreach (var (value, path) in tool.Elements("tools"))
                {
                    ReadTool(new JsonFields(value, path), name, tools);
                }

                break;
            default:
                break;
        }
    }
}
