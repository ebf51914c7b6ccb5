using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>What an upstream was asked, read by the published form of its own protocol; the same facts from any of them.</summary>
internal sealed class SentRequest
{
    public string System { get; private set; } = "";

    /// <summary>Role (user or assistant) and text of each text part, results of tools left out.</summary>
    public List<(string Role, string Text)> Texts { get; } = [];

    /// <summary>Media type and base64, or <c>url</c> and the address.</summary>
    public List<(string Type, string Data)> Media { get; } = [];

    public List<(string Id, string Name, string Arguments)> Calls { get; } = [];

    /// <summary>Call id, text, and whether the protocol marks it as an error.</summary>
    public List<(string Id, string Text, bool IsError)> Results { get; } = [];

    public IReadOnlyList<string> Tools { get; private set; } = [];

    public string? Schema { get; private set; }

    public string? ForcedTool { get; private set; }

    public double? Temperature { get; private set; }

    public int? MaxTokens { get; private set; }

    public IReadOnlyList<string> Stop { get; private set; } = [];

    public static SentRequest Read(string kind, string body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var sent = new SentRequest();
        switch (kind)
        {
            case "openai":
                sent.ReadChat(root);
                break;
            case "openai_responses":
                sent.ReadResponses(root);
                break;
            case "anthropic":
                sent.ReadMessages(root);
                break;
            default:
                sent.ReadGemini(root);
                break;
        }

        return sent;
    }

    private void ReadChat(JsonElement root)
    {
        foreach (var message in root.GetProperty("messages").EnumerateArray())
        {
            var role = message.GetProperty("role").GetString()!;
            var parts = Parts(message, "content");
            if (role is "system" or "developer")
            {
                System += string.Concat(parts.Select(TextOf));
            }
            else if (role == "tool")
            {
                Results.Add((message.GetProperty("tool_call_id").GetString()!, string.Concat(parts.Select(TextOf)), false));
            }
            else
            {
                AddParts(role, parts);
                foreach (var call in List(message, "tool_calls"))
                {
                    var function = call.GetProperty("function");
                    Calls.Add((Text(call, "id")!, Text(function, "name")!, Text(function, "arguments")!));
                }
            }
        }

        Tools = [.. List(root, "tools").Select(t => Text(t.GetProperty("function"), "name")!)];
        ForcedTool = Find(root, "tool_choice", "function", "name")?.GetString();
        Schema = Find(root, "response_format", "json_schema", "schema")?.GetRawText();
        ReadNumbers(root, "temperature", root.TryGetProperty("max_completion_tokens", out _) ? "max_completion_tokens" : "max_tokens", "stop");
    }

    private void ReadResponses(JsonElement root)
    {
        System = Text(root, "instructions") ?? "";
        foreach (var item in root.GetProperty("input").EnumerateArray())
        {
            switch (Text(item, "type"))
            {
                case "function_call":
                    Calls.Add((Text(item, "call_id")!, Text(item, "name")!, Text(item, "arguments")!));
                    break;
                case "function_call_output":
                    var output = Parts(item, "output");
                    Results.Add((Text(item, "call_id")!, string.Concat(output.Select(TextOf)), false));
                    AddMedia(output);
                    break;
                case null or "message" when Text(item, "role") is "system" or "developer":
                    System += string.Concat(Parts(item, "content").Select(TextOf));
                    break;
                case null or "message":
                    AddParts(Text(item, "role")!, Parts(item, "content"));
                    break;
            }
        }

        Tools = [.. List(root, "tools").Select(t => Text(t, "name")!)];
        ForcedTool = Find(root, "tool_choice", "name")?.GetString();
        Schema = Find(root, "text", "format", "schema")?.GetRawText();
        ReadNumbers(root, "temperature", "max_output_tokens", "stop");
    }

    private void ReadMessages(JsonElement root)
    {
        System = string.Concat(Parts(root, "system").Select(TextOf));
        foreach (var message in root.GetProperty("messages").EnumerateArray())
        {
            var parts = Parts(message, "content");
            AddParts(Text(message, "role")!, [.. parts.Where(p => Text(p, "type") is not ("tool_use" or "tool_result"))]);
            foreach (var part in parts)
            {
                if (Text(part, "type") == "tool_use")
                {
                    Calls.Add((Text(part, "id")!, Text(part, "name")!, part.GetProperty("input").GetRawText()));
                }
                else if (Text(part, "type") == "tool_result")
                {
                    var content = Parts(part, "content");
                    Results.Add((Text(part, "tool_use_id")!, string.Concat(content.Select(TextOf)), Find(part, "is_error")?.GetBoolean() ?? false));
                    AddMedia(content);
                }
            }
        }

        Tools = [.. List(root, "tools").Select(t => Text(t, "name")!)];
        ForcedTool = Find(root, "tool_choice", "name")?.GetString();
        Schema = (Find(root, "output_config", "format", "schema") ?? Find(root, "output_format", "schema"))?.GetRawText();
        ReadNumbers(root, "temperature", "max_tokens", "stop_sequences");
    }

    private void ReadGemini(JsonElement root)
    {
        System = string.Concat(List(root.GetProperty("systemInstruction"), "parts").Select(TextOf));
        foreach (var content in root.GetProperty("contents").EnumerateArray())
        {
            var parts = List(content, "parts");
            AddParts(Text(content, "role") == "model" ? "assistant" : "user", parts);
            foreach (var part in parts)
            {
                if (Find(part, "functionCall") is { } call)
                {
                    Calls.Add((Text(call, "id") ?? "", Text(call, "name")!, Find(call, "args")?.GetRawText() ?? "{}"));
                }
                else if (Find(part, "functionResponse") is { } response)
                {
                    var said = response.GetProperty("response").EnumerateObject().Single();
                    Results.Add((Text(response, "id") ?? "", said.Value.GetString()!, said.Name == "error"));
                    AddMedia(List(response, "parts"));
                }
            }
        }

        Tools = [.. List(root, "tools").SelectMany(t => List(t, "functionDeclarations")).Select(t => Text(t, "name")!)];
        ForcedTool = Find(root, "toolConfig", "functionCallingConfig", "allowedFunctionNames") is { } names ? names.EnumerateArray().Single().GetString() : null;
        var config = root.GetProperty("generationConfig");
        Schema = (Find(config, "responseJsonSchema") ?? Find(config, "responseSchema"))?.GetRawText();
        ReadNumbers(config, "temperature", "maxOutputTokens", "stopSequences");
    }

    private void ReadNumbers(JsonElement root, string temperature, string most, string stop)
    {
        Temperature = Find(root, temperature)?.GetDouble();
        MaxTokens = Find(root, most)?.GetInt32();
        Stop = Find(root, stop) is { ValueKind: JsonValueKind.String } one ? [one.GetString()!] : [.. List(root, stop).Select(s => s.GetString()!)];
    }

    private void AddParts(string role, IReadOnlyList<JsonElement> parts)
    {
        Texts.AddRange(parts.Select(TextOf).Where(t => t.Length > 0).Select(t => (role, t)));
        AddMedia(parts);
    }

    private void AddMedia(IEnumerable<JsonElement> parts)
    {
        foreach (var part in parts)
        {
            var inline = Find(part, "inlineData");
            var url = (Find(part, "image_url") is { ValueKind: JsonValueKind.Object } image ? Text(image, "url") : Text(part, "image_url"))
                ?? Text(part, "file_data") ?? (Find(part, "file") is { } file ? Text(file, "file_data") : null);
            if (inline is { } data)
            {
                Media.Add((Text(data, "mimeType")!, Text(data, "data")!));
            }
            else if (Find(part, "source") is { } source)
            {
                Media.Add(Text(source, "type") == "url" ? ("url", Text(source, "url")!) : (Text(source, "media_type")!, Text(source, "data")!));
            }
            else if (url is not null)
            {
                var split = url.Split([':', ';', ','], 4);
                Media.Add(split is ["data", var type, "base64", var bytes] ? (type, bytes) : ("url", url));
            }
        }
    }

    /// <summary>The parts of a content; a plain text is one part.</summary>
    private static IReadOnlyList<JsonElement> Parts(JsonElement element, string name) => Find(element, name) switch
    {
        { ValueKind: JsonValueKind.String } text => [JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["text"] = text })],
        _ => List(element, name),
    };

    private static IReadOnlyList<JsonElement> List(JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private static string TextOf(JsonElement part) => Text(part, "text") ?? "";

    private static string? Text(JsonElement element, string name) => Find(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element) || element.ValueKind == JsonValueKind.Null)
            {
                return null;
            }
        }

        return element;
    }
}
