using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>Reads the conversation of one request.</summary>
internal sealed class GeminiContentReader
{
    /// <summary>What a part can hold.</summary>
    internal static readonly string[] Kinds =
    [
        "text", "inlineData", "fileData", "functionCall", "functionResponse",
        "executableCode", "codeExecutionResult", "toolCall", "toolResponse", "audioTranscription",
    ];

    private readonly GeminiCallIds _ids = new();

    public static List<Message> Read(GeminiFields root)
    {
        var contents = root.Elements("contents").Select(c => new GeminiFields(c.Value, c.Path)).ToList();
        if (contents.Count == 0)
        {
            throw root.Has("contents") ? root.Bad("contents", "must not be empty") : root.Missing("contents");
        }

        var reader = new GeminiContentReader();
        reader.ReserveIds(contents);
        return [.. contents.Select(reader.ReadMessage)];
    }

    private void ReserveIds(List<GeminiFields> contents)
    {
        foreach (var (value, path) in contents.SelectMany(c => c.Elements("parts")))
        {
            if (new GeminiFields(value, path).Object("functionCall")?.Text("id") is { Length: > 0 } id)
            {
                _ids.Reserve(id);
            }
        }
    }

    private Message ReadMessage(GeminiFields content)
    {
        var role = content.Text("role") switch
        {
            null or "" or "user" or "function" => Role.User,
            "model" => Role.Assistant,
            _ => throw content.Bad("role", "must be 'user', 'model' or 'function'"),
        };
        var parts = new List<Part>();
        foreach (var (value, path) in content.Elements("parts"))
        {
            ReadPart(new GeminiFields(value, path), parts);
        }

        if (!content.Elements("parts").Any())
        {
            throw content.Has("parts") ? content.Bad("parts", "must not be empty") : content.Missing("parts");
        }

        return new Message(role, role == Role.User ? [.. parts.OfType<ToolResultPart>(), .. parts.Where(p => p is not ToolResultPart)] : parts);
    }

    private void ReadPart(GeminiFields part, List<Part> parts)
    {
        var seal = part.Text("thoughtSignature") is { Length: > 0 } signature ? Seal.From(WireProtocol.Gemini, signature) : null;
        var isThought = part.Flag("thought") ?? false;
        var kinds = Kinds.Where(part.Has).Take(2).ToArray();
        if (kinds.Length == 2)
        {
            throw part.Bad(kinds[1], $"stands beside '{kinds[0]}'; a part holds one of them");
        }

        if (kinds.Length == 0 && seal is null)
        {
            throw new WireFormatException(
                WireFormatException.InvalidRequest, $"'{part.Path}' holds nothing that is known: one of {string.Join(", ", Kinds[..5])} is needed.", part.Path);
        }

        switch (kinds.FirstOrDefault() ?? "text")
        {
            case "text" when isThought:
                AddThought(part.Text("text") ?? "", seal, parts);
                break;
            case "functionCall":
                parts.Add(ReadCall(part.Object("functionCall")!.Value) with { Seal = seal });
                break;
            case "functionResponse":
                parts.Add(ReadResponse(part.Object("functionResponse")!.Value));
                break;
            case var kind:
                AddSeal(seal, parts);
                AddPlain(kind, part, parts);
                break;
        }
    }

    // Thoughts that came in a stream are sent back in the pieces they came in; the signature on the last is of all of them.
    private static void AddThought(string text, Seal? seal, List<Part> parts)
    {
        if (parts.LastOrDefault() is ReasoningPart { Seal: null } open)
        {
            parts[^1] = new ReasoningPart(open.Text + text) { Seal = seal };
        }
        else if (text.Length > 0 || seal is not null)
        {
            parts.Add(new ReasoningPart(text) { Seal = seal, IsRedacted = text.Length == 0 && seal!.Maker != WireProtocol.Gemini });
        }
    }

    private static void AddSeal(Seal? seal, List<Part> parts)
    {
        if (seal is not null)
        {
            parts.Add(new ReasoningPart("") { Seal = seal });
        }
    }

    private static void AddPlain(string kind, GeminiFields part, List<Part> parts)
    {
        switch (kind)
        {
            case "text":
                // An empty text is only there to carry a signature.
                if (part.Text("text") is { } text && (text.Length > 0 || !part.Has("thoughtSignature")))
                {
                    parts.Add(new TextPart(text));
                }

                break;
            case "inlineData":
                parts.Add(GeminiMedia.ReadInline(part.Object(kind)!.Value));
                break;
            case "fileData":
                parts.Add(GeminiMedia.ReadFile(part.Object(kind)!.Value));
                break;
            default:
                // Traces of tools that ran at Google; the field table says where they can't go.
                _ = part.Object(kind);
                break;
        }
    }

    private ToolCallPart ReadCall(GeminiFields call)
    {
        var name = call.RequireText("name");
        var arguments = call.Object("args") is { } args ? JsonTree.Raw(args.Element) : "{}";
        return new ToolCallPart(_ids.OfCall(call.Text("id"), name), name, arguments);
    }

    private ToolResultPart ReadResponse(GeminiFields result)
    {
        var name = result.RequireText("name");
        var response = result.Object("response") ?? throw result.Missing("response");
        var content = new List<Part>();
        if (GeminiFunctionResponse.Read(response.Element, out var isError) is { } text)
        {
            content.Add(new TextPart(text));
        }

        foreach (var (value, path) in result.Elements("parts"))
        {
            var part = new GeminiFields(value, path);
            content.Add(part.Object("inlineData") is { } blob ? GeminiMedia.ReadInline(blob)
                : part.Object("fileData") is { } file ? GeminiMedia.ReadFile(file)
                : throw new WireFormatException(WireFormatException.InvalidRequest, $"'{path}' must hold inlineData or fileData.", path));
        }

        return new ToolResultPart(_ids.OfResponse(result.Text("id"), name), content) { Name = name, IsError = isError };
    }
}
