using System.Text.Json;
using System.Text.Json.Serialization;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>Writes a plan in its short form; reads the text, too, that earlier versions wrote.</summary>
internal sealed class PlanViewConverter : JsonConverter<PlanView>
{
    public override PlanView? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? new PlanView { Text = reader.GetString() } : PlanLine.Read(ref reader);

    public override void Write(Utf8JsonWriter writer, PlanView value, JsonSerializerOptions options) => WriteShort(writer, value);

    public static void WriteShort(Utf8JsonWriter writer, PlanView value)
    {
        if (value.Text is { } text)
        {
            writer.WriteStringValue(text);
        }
        else
        {
            PlanLine.Write(writer, value);
        }
    }
}
