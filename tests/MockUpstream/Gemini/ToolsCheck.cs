using System.Text.Json;
using AIHigress.MockUpstream.Answering;

namespace AIHigress.MockUpstream.Gemini;

/// <summary>What Google refuses in tools: above all, JSON Schema where its own smaller schema is meant.</summary>
internal static class ToolsCheck
{
    private static readonly ProtoNames Declaration = new("name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior");
    private static readonly ProtoNames Schema = new(
        "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required", "minProperties", "maxProperties",
        "minLength", "maxLength", "pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum");

    /// <summary>The names of the functions offered.</summary>
    /// <exception cref="RequestRefusedException">They break a rule.</exception>
    public static IReadOnlyList<string> Names(JsonElement body)
    {
        var names = new List<string>();
        var i = 0;
        foreach (var tool in body.List("tools"))
        {
            var declarations = tool.Either("functionDeclarations") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToArray() : [];
            for (var j = 0; j < declarations.Length; j++)
            {
                names.Add(Check(declarations[j], $"tools[{i}].function_declarations[{j}]"));
            }

            i++;
        }

        return names;
    }

    private static string Check(JsonElement declaration, string at)
    {
        Declaration.Check(declaration, at);
        if (declaration.Get("parameters") is { } parameters)
        {
            CheckSchema(parameters, $"{at}.parameters");
        }

        return declaration.Text("name") is { Length: > 0 } name
            ? name
            : throw new RequestRefusedException(400, $"* GenerateContentRequest.{at}.name: Invalid function name.\n");
    }

    private static void CheckSchema(JsonElement schema, string at)
    {
        Schema.Check(schema, at);
        if (schema.Get("type") is { ValueKind: not JsonValueKind.String })
        {
            throw new RequestRefusedException(400, $"Invalid JSON payload received. Unknown name \"type\" at '{at}': Proto field is not repeating, cannot start list.");
        }

        if (schema.Get("items") is { ValueKind: JsonValueKind.Object } items)
        {
            CheckSchema(items, $"{at}.items");
        }

        if (schema.Get("properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            foreach (var property in properties.EnumerateObject())
            {
                CheckSchema(property.Value, $"{at}.properties['{property.Name}']");
            }
        }

        if (schema.Either("anyOf") is { ValueKind: JsonValueKind.Array } alternatives)
        {
            foreach (var alternative in alternatives.EnumerateArray())
            {
                CheckSchema(alternative, $"{at}.any_of");
            }
        }
    }
}
