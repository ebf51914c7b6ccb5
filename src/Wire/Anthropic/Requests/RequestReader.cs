using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Reads the body of <c>POST /v1/messages</c>.</summary>
internal static class RequestReader
{
    public static ModelRequest Read(ReadOnlyMemory<byte> body, bool needsMaxTokens)
    {
        try
        {
            using var document = JsonTree.Parse(body);
            return Read(new JsonFields(document.RootElement, ""), needsMaxTokens);
        }
        catch (InvalidOperationException)
        {
            // The framework throws this for a member name that holds half of a surrogate pair.
            throw new WireFormatException(WireFormatException.InvalidJson, "The body has a member name that is not valid Unicode.");
        }
    }

    private static ModelRequest Read(JsonFields root, bool needsMaxTokens)
    {
        var model = root.RequireText("model");
        var (choice, parallel) = ToolsReader.ReadChoice(root.Object("tool_choice"));
        var output = root.Object("output_config");
        return new ModelRequest
        {
            Model = model,
            MaxTokens = ReadMaxTokens(root, needsMaxTokens),
            System = ReadSystem(root),
            Messages = MessagesReader.Read(root),
            Stream = root.Flag("stream") ?? false,
            Tools = ToolsReader.Read(root),
            ToolChoice = choice,
            ParallelToolCalls = parallel,
            Temperature = root.Number("temperature"),
            TopP = root.Number("top_p"),
            TopK = root.Integer("top_k"),
            Stop = ReadStop(root),
            Format = ReadFormat(output?.Object("format") ?? root.Object("output_format")),
            Reasoning = ThinkingReader.Read(root.Object("thinking"), output?.Text("effort")),
            User = root.Object("metadata")?.Text("user_id"),
        };
    }

    private static long? ReadMaxTokens(JsonFields root, bool isNeeded)
    {
        var limit = root.Integer("max_tokens");
        if (limit is null && isNeeded)
        {
            throw root.Missing("max_tokens");
        }

        return limit is < 0 ? throw root.Bad("max_tokens", "must not be negative") : limit;
    }

    private static IReadOnlyList<TextPart> ReadSystem(JsonFields root)
    {
        if (root.Get("system") is not { } system)
        {
            return [];
        }

        return system.ValueKind == JsonValueKind.String
            ? [new TextPart(JsonTree.Text(system))]
            : [.. root.Elements("system").Select(e => BlockReader.ReadText(new JsonFields(e.Value, e.Path)))];
    }

    private static List<string> ReadStop(JsonFields root)
    {
        var stop = new List<string>();
        foreach (var (value, path) in root.Elements("stop_sequences"))
        {
            stop.Add(value.ValueKind == JsonValueKind.String ? JsonTree.Text(value) : throw new WireFormatException(
                WireFormatException.InvalidRequest, $"'{path}' must be a string; it is {JsonFields.NameOf(value)}.", path));
        }

        return stop;
    }

    private static ResponseFormat? ReadFormat(JsonFields? format)
    {
        if (format is not { } fields)
        {
            return null;
        }

        if (fields.RequireText("type") != "json_schema")
        {
            throw fields.Bad("type", "must be json_schema");
        }

        _ = fields.Object("schema") ?? throw fields.Missing("schema");
        return new ResponseFormat(ResponseFormatKind.JsonSchema) { Schema = fields.Raw("schema") };
    }
}
