using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>One model as OpenAI's list shows it.</summary>
/// <param name="Id">The name that requests give as <c>model</c>.</param>
/// <param name="Created">Seconds since 1970-01-01 UTC.</param>
/// <param name="OwnedBy">Who runs it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ModelListItem(string Id, long Created, string OwnedBy);

/// <summary>Writes the answers of <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
public static class ModelListWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the whole list in the order given.</summary>
    public static void Write(IBufferWriter<byte> output, IEnumerable<ModelListItem> models)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteStartArray("data"u8);
        foreach (var model in models)
        {
            WriteItem(writer, model);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes a single model.</summary>
    public static void WriteModel(IBufferWriter<byte> output, ModelListItem model)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        WriteItem(writer, model);
    }

    private static void WriteItem(Utf8JsonWriter writer, ModelListItem model)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, model.Id);
        writer.WriteString("object"u8, "model"u8);
        writer.WriteNumber("created"u8, model.Created);
        writer.WriteString("owned_by"u8, model.OwnedBy);
        writer.WriteEndObject();
    }
}
