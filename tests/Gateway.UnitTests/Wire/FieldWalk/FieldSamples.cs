using AIHigress.Wire;

namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>The samples of each protocol: one request body for every rule of its field table.</summary>
internal static class FieldSamples
{
    private static readonly Dictionary<WireProtocol, IEnumerable<FieldSample>> ByProtocol = new()
    {
        [WireProtocol.Chat] = ChatSamples.All,
        [WireProtocol.Responses] = ResponsesSamples.All,
        [WireProtocol.Messages] = MessagesSamples.All,
        [WireProtocol.Gemini] = GeminiSamples.All,
    };

    public static IReadOnlyList<FieldSample> Of(WireProtocol client) => [.. ByProtocol.GetValueOrDefault(client, [])];

    /// <summary>The text that stands in the target's body when the field is carried there; empty where there is nothing to write: it is carried outside of the body (model and stream of Gemini), read by the gateway, or the default there.</summary>
    public static string MarkerFor(this FieldSample sample, WireProtocol target) => target switch
    {
        WireProtocol.Chat => sample.Chat,
        WireProtocol.Responses => sample.Responses,
        WireProtocol.Messages => sample.Messages,
        _ => sample.Gemini,
    } ?? sample.Marker;
}
