using System.Text.Json;
using System.Text.Json.Serialization;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>Writes a plan as an object; reads the text, too, that earlier versions wrote.</summary>
internal sealed class PlanViewConverter : JsonConverter<PlanView>
{
    public override PlanView? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? new PlanView { Text = reader.GetString() }
            : JsonSerializer.Deserialize(ref reader, PlanJson.Default.PlanView);

    public override void Write(Utf8JsonWriter writer, PlanView value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, PlanJson.Default.PlanView);
}
