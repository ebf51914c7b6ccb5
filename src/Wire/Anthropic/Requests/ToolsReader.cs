using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>.</summary>
internal static class ToolsReader
{
    /// <summary>The client's own tools. Those that only Anthropic runs or knows are offers, not in the intermediate form: the field table drops them.</summary>
    public static IReadOnlyList<ToolDefinition> Read(JsonFields root)
    {
        var tools = new List<ToolDefinition>();
        foreach (var (value, path) in root.Elements("tools"))
        {
            var fields = new JsonFields(value, path);
            if (fields.Text("type") is null or "custom")
            {
                tools.Add(ReadFunction(fields));
            }
        }

        return tools;
    }

    public static (ToolChoice? Choice, bool? Parallel) ReadChoice(JsonFields? choice)
    {
        if (choice is not { } fields)
        {
            return (null, null);
        }

        var read = fields.RequireText("type") switch
        {
            "auto" => new ToolChoice(ToolChoiceMode.Auto),
            "any" => new ToolChoice(ToolChoiceMode.Required),
            "none" => new ToolChoice(ToolChoiceMode.None),
            "tool" => new ToolChoice(ToolChoiceMode.Named) { Name = fields.RequireText("name") },
            _ => throw fields.Bad("type", "must be auto, any, tool or none"),
        };
        return (read, !fields.Flag("disable_parallel_tool_use"));
    }

    private static FunctionTool ReadFunction(JsonFields fields)
    {
        var schema = fields.Get("input_schema") ?? throw fields.Missing("input_schema");
        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw fields.Wrong("input_schema", "an object", schema);
        }

        return new FunctionTool(fields.RequireText("name"))
        {
            Description = fields.Text("description"),
            Parameters = JsonTree.Raw(schema),
            Strict = fields.Flag("strict"),
            Cache = BlockReader.ReadCache(fields),
        };
    }
}
