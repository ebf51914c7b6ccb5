using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Requests;

/// <summary>Reads a request body of the Responses API.</summary>
internal static class ResponsesRequestReader
{
    public static ModelRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonTree.Parse(body);
        var root = new JsonFields(document.RootElement, "");
        var input = new ResponsesInputReader();
        if (root.Text("instructions") is { Length: > 0 } instructions)
        {
            input.AddInstructions(instructions);
        }

        input.Read(root);
        IReadOnlyList<ToolDefinition> tools = [.. ResponsesToolReader.ReadTools(root), .. input.Tools];
        var text = root.Object("text");
        return new ModelRequest
        {
            Model = root.RequireText("model"),
            Stream = root.Flag("stream") ?? false,
            System = input.System,
            Messages = input.Messages(),
            Tools = tools,
            ToolChoice = ResponsesToolReader.ReadChoice(root, tools),
            ParallelToolCalls = root.Flag("parallel_tool_calls"),
            MaxTokens = root.Integer("max_output_tokens"),
            Temperature = root.Number("temperature"),
            TopP = root.Number("top_p"),
            Format = text?.Object("format") is { } format ? ReadFormat(format) : null,
            Verbosity = text?.Text("verbosity"),
            Reasoning = root.Object("reasoning") is { } reasoning ? ReadReasoning(reasoning) : null,
            User = root.Text("safety_identifier") ?? root.Text("user"),
            Metadata = ReadMetadata(root),
            ServiceTier = root.Text("service_tier"),
            PromptCacheKey = root.Text("prompt_cache_key"),
        };
    }

    private static ResponseFormat ReadFormat(JsonFields format) => format.RequireText("type") switch
    {
        "text" => new ResponseFormat(ResponseFormatKind.Text),
        "json_object" => new ResponseFormat(ResponseFormatKind.JsonObject),
        "json_schema" => new ResponseFormat(ResponseFormatKind.JsonSchema)
        {
            Name = format.RequireText("name"),
            Description = format.Text("description"),
            Schema = (format.Object("schema") ?? throw format.Missing("schema")) is var schema ? JsonTree.Raw(schema.Element) : null,
            Strict = format.Flag("strict"),
        },
        _ => throw format.Bad("type", "must be text, json_object or json_schema"),
    };

    private static ReasoningOptions? ReadReasoning(JsonFields reasoning)
    {
        var options = new ReasoningOptions
        {
            Effort = reasoning.Text("effort"),
            Summary = reasoning.Text("summary") ?? reasoning.Text("generate_summary"),
        };
        return options is { Effort: null, Summary: null } ? null : options;
    }

    private static List<KeyValuePair<string, string>> ReadMetadata(JsonFields root)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        if (root.Object("metadata") is not { } metadata)
        {
            return pairs;
        }

        foreach (var member in metadata.Element.EnumerateObject())
        {
            var name = JsonTree.Name(member);
            if (metadata.Text(name) is { } value)
            {
                pairs.Add(new KeyValuePair<string, string>(name, value));
            }
        }

        return pairs;
    }
}
