using System.Text.Json;
using System.Text.Json.Serialization;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Circuits;

namespace AIHigress.Gateway.DataPlane.Replicas;

/// <summary>What one replica tells the others: what changed since it last told.</summary>
/// <param name="From">The process; a restarted replica is another one.</param>
/// <param name="Hello">It has just come, or could not hear for a while: everybody is asked to tell all.</param>
/// <param name="Goodbye">It ends: what it measured no longer counts.</param>
internal sealed record ReplicaMessage(string From, bool Hello = false, bool Goodbye = false)
{
    public IReadOnlyList<UpstreamNews> Upstreams { get; init; } = [];

    public IReadOnlyList<KeyNews> Keys { get; init; } = [];

    public string Text() => JsonSerializer.Serialize(this, ReplicaJson.Default.ReplicaMessage);

    /// <summary>Null for what another version may have sent.</summary>
    public static ReplicaMessage? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ReplicaJson.Default.ReplicaMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <param name="Key"><see cref="Features.Models.UpstreamRoute.Key"/>.</param>
/// <param name="Measured">Null: as told before.</param>
/// <param name="Circuit">Null: as told before.</param>
internal sealed record UpstreamNews(string Key, MeasurementsSnapshot? Measured, CircuitRecord? Circuit);

/// <summary>A provider key that rests.</summary>
internal sealed record KeyNews(Guid Id, KeyRestRecord Rest);

[JsonSerializable(typeof(ReplicaMessage))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class ReplicaJson : JsonSerializerContext;
