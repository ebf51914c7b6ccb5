using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>Reads generateContent requests. https://ai.google.dev/api/generate-content</summary>
internal static class GeminiRequestReader
{
    public static ModelRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonTree.Parse(body);
        return Read(new GeminiFields(document.RootElement, ""));
    }

    /// <param name="root">The request, wherever it stands in a body.</param>
    public static ModelRequest Read(GeminiFields root)
    {
        _ = root.Text("model");
        var request = new ModelRequest
        {
            Model = "",
            System = ReadSystem(root),
            Messages = GeminiContentReader.Read(root),
            Tools = GeminiToolReader.ReadTools(root),
            ToolChoice = GeminiToolReader.ReadChoice(root),
        };
        return root.Object("generationConfig") is { } config ? GeminiConfigReader.Apply(config, request) : request;
    }

    private static List<TextPart> ReadSystem(GeminiFields root)
    {
        var texts = new List<TextPart>();
        if (root.Object("systemInstruction") is not { } system)
        {
            return texts;
        }

        _ = system.Text("role");
        foreach (var (value, path) in system.Elements("parts"))
        {
            var part = new GeminiFields(value, path);
            texts.Add(new TextPart(part.Text("text") ?? throw part.Bad("text", "is missing: a system instruction is made of texts")));
        }

        return texts;
    }
}
