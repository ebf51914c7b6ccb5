using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Gemini;

/// <summary>A model as Google lists it. https://ai.google.dev/api/models</summary>
/// <param name="Id">The name that addresses use, without <c>models/</c>.</param>
public sealed record GeminiModel(string Id)
{
    private const string Prefix = "models/";

    private static readonly string[] Generating = ["generateContent", "countTokens"];

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public string? Version { get; init; }

    /// <summary>Tokens; null when not said.</summary>
    public long? InputTokenLimit { get; init; }

    /// <summary>Tokens; null when not said.</summary>
    public long? OutputTokenLimit { get; init; }

    /// <summary>Whether the model thinks; null when not said.</summary>
    public bool? Thinking { get; init; }

    public IReadOnlyList<string> Methods { get; init; } = Generating;

    internal static string IdOf(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Prefix + Id);
        json.WriteString("baseModelId", Id);
        json.WriteString("version", Version ?? "001");
        json.WriteString("displayName", DisplayName ?? Id);
        json.WriteMember("description", Description);
        json.WriteMember("inputTokenLimit", InputTokenLimit);
        json.WriteMember("outputTokenLimit", OutputTokenLimit);
        json.WriteStartArray("supportedGenerationMethods");
        foreach (var method in Methods)
        {
            json.WriteStringValue(method);
        }

        json.WriteEndArray();
        json.WriteMember("thinking", Thinking);
        json.WriteEndObject();
    }
}

/// <summary>One page of models.</summary>
/// <param name="Models">In their order.</param>
/// <param name="NextPageToken">Gets the next page; null on the last.</param>
public sealed record GeminiModelPage(IReadOnlyList<GeminiModel> Models, string? NextPageToken);

/// <summary>Reads and writes the answers of <c>GET /v1beta/models</c> and <c>GET /v1beta/models/{id}</c>.</summary>
public static class GeminiModelList
{
    /// <summary>Reads one page; models without a name are left out. Throws <see cref="WireFormatException"/> when it is none.</summary>
    public static GeminiModelPage Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonTree.Parse(body, "The model list");
        var root = new JsonFields(document.RootElement, "");
        var models = new List<GeminiModel>();
        foreach (var (value, path) in root.Elements("models"))
        {
            var model = new JsonFields(value, path);
            if (model.Text("name") is { Length: > 0 } name)
            {
                models.Add(ReadModel(model, name));
            }
        }

        // The last of Google's pages may be an empty object.
        return root.Has("models") || !root.Element.EnumerateObject().Any()
            ? new GeminiModelPage(models, root.Text("nextPageToken") is { Length: > 0 } token ? token : null)
            : throw root.Missing("models");
    }

    public static void Write(GeminiModelPage page, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteStartArray("models");
        foreach (var model in page.Models)
        {
            model.Write(json);
        }

        json.WriteEndArray();
        json.WriteMember("nextPageToken", page.NextPageToken);
        json.WriteEndObject();
    }

    public static void WriteModel(GeminiModel model, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        model.Write(json);
    }

    private static GeminiModel ReadModel(JsonFields model, string name) => new(GeminiModel.IdOf(name))
    {
        DisplayName = model.Text("displayName"),
        Description = model.Text("description"),
        Version = model.Text("version"),
        InputTokenLimit = model.Integer("inputTokenLimit"),
        OutputTokenLimit = model.Integer("outputTokenLimit"),
        Thinking = model.Flag("thinking"),
        Methods = [.. model.Elements("supportedGenerationMethods").Where(m => m.Value.ValueKind == JsonValueKind.String).Select(m => JsonTree.Text(m.Value))],
    };
}
