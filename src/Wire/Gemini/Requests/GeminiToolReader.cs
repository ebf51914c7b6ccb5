using System.Text.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>Reads the tools that a request offers and which of them must be used.</summary>
internal static class GeminiToolReader
{
    public static List<ToolDefinition> ReadTools(GeminiFields root)
    {
        var tools = new List<ToolDefinition>();
        foreach (var (value, path) in root.Elements("tools"))
        {
            foreach (var (declaration, declarationPath) in new GeminiFields(value, path).Elements("functionDeclarations"))
            {
                tools.Add(ReadFunction(new GeminiFields(declaration, declarationPath)));
            }
        }

        return tools;
    }

    public static ToolChoice? ReadChoice(GeminiFields root)
    {
        if (root.Object("toolConfig")?.Object("functionCallingConfig") is not { } config)
        {
            return null;
        }

        var allowed = config.Texts("allowedFunctionNames");
        return config.Text("mode") switch
        {
            null or "MODE_UNSPECIFIED" when allowed.Count == 0 => null,
            null or "MODE_UNSPECIFIED" or "AUTO" or "VALIDATED" => new ToolChoice(ToolChoiceMode.Auto) { Allowed = allowed },
            "NONE" => new ToolChoice(ToolChoiceMode.None),
            "ANY" when allowed.Count == 1 => new ToolChoice(ToolChoiceMode.Named) { Name = allowed[0] },
            "ANY" => new ToolChoice(ToolChoiceMode.Required) { Allowed = allowed },
            _ => throw config.Bad("mode", "must be AUTO, ANY, NONE or VALIDATED"),
        };
    }

    private static FunctionTool ReadFunction(GeminiFields function)
    {
        var isOpenApi = function.Object("parameters") is not null;
        if (isOpenApi && function.Has("parametersJsonSchema"))
        {
            throw function.Bad("parametersJsonSchema", "stands beside 'parameters'; send one of them");
        }

        return new FunctionTool(function.RequireText("name"))
        {
            Description = function.Text("description"),
            Parameters = isOpenApi ? GeminiSchema.ToJsonSchema(function.Get("parameters")!.Value) : ReadJsonSchema(function, "parametersJsonSchema"),
        };
    }

    /// <summary>A JSON schema as it is; null when absent.</summary>
    public static string? ReadJsonSchema(GeminiFields fields, string name) => fields.Get(name) is null or { ValueKind: JsonValueKind.Object }
        ? fields.Raw(name)
        : throw fields.Bad(name, "must be a JSON schema, an object");
}
