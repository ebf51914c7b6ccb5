using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Anthropic;

/// <summary>One model as Anthropic's list shows it.</summary>
/// <param name="Id">The name that requests give as <c>model</c>.</param>
/// <param name="DisplayName">For people.</param>
/// <param name="Created">Seconds since 1970-01-01 UTC.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ModelListItem(string Id, string DisplayName, long Created);

/// <summary>Writes the answers of <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c> for clients that speak Anthropic's protocol.</summary>
public static class ModelListWriter
{
    /// <summary>One page, in the order given.</summary>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<ModelListItem> models, bool hasMore = false)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var model in models)
        {
            WriteItem(json, model);
        }

        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, hasMore);
        json.WriteString("first_id"u8, models.Count > 0 ? models[0].Id : null);
        json.WriteString("last_id"u8, models.Count > 0 ? models[^1].Id : null);
        json.WriteEndObject();
    }

    /// <summary>A single model.</summary>
    public static void WriteModel(IBufferWriter<byte> output, ModelListItem model)
    {
        using var json = JsonOut.NewWriter(output);
        WriteItem(json, model);
    }

    private static void WriteItem(Utf8JsonWriter json, ModelListItem model)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "model"u8);
        json.WriteString("id"u8, model.Id);
        json.WriteString("display_name"u8, model.DisplayName);
        json.WriteString("created_at"u8, DateTimeOffset.FromUnixTimeSeconds(model.Created).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }
}

/// <summary>A page of a model list.</summary>
/// <param name="Models">In their order, each id once.</param>
/// <param name="NextAfter">What <c>after_id</c> must be to get the next page; null on the last.</param>
public sealed record ModelListPage(IReadOnlyList<ModelListItem> Models, string? NextAfter);

/// <summary>Reads an upstream's model list.</summary>
public static class ModelListReader
{
    /// <summary>Throws <see cref="WireFormatException"/> when the answer is no model list.</summary>
    public static ModelListPage Read(ReadOnlyMemory<byte> body)
    {
        JsonFault.RequireUtf8(body.Span, "The model list");
        using var document = JsonTree.TryParse(body) ?? throw JsonFault.Explain(body.Span, "The model list");
        try
        {
            return Read(document.RootElement);
        }
        catch (InvalidOperationException)
        {
            // The framework throws this for a member name that holds half of a surrogate pair.
            throw NoList();
        }
    }

    private static ModelListPage Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
        {
            throw NoList();
        }

        var models = new List<ModelListItem>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in data.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object && Text(item, "id") is { Length: > 0 } id && known.Add(id))
            {
                models.Add(new ModelListItem(id, Text(item, "display_name") ?? id, ReadTime(Text(item, "created_at"))));
            }
        }

        var hasMore = root.TryGetProperty("has_more", out var more) && more.ValueKind == JsonValueKind.True;
        return new ModelListPage(models, hasMore ? Text(root, "last_id") : null);
    }

    private static long ReadTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? Math.Max(0, time.ToUnixTimeSeconds()) : 0;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? JsonTree.Text(value) : null;

    private static WireFormatException NoList() => new(
        WireFormatException.InvalidRequest, "The answer is not a model list: it has no 'data' array. Check the provider's base URL.", "data");
}
