using System.Text.Json.Serialization;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.MockUpstream.Control;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(NumberKnob)])]
[JsonSerializable(typeof(ScriptRule))]
[JsonSerializable(typeof(Behaviour))]
[JsonSerializable(typeof(IReadOnlyList<RecordedRequest>))]
[JsonSerializable(typeof(MockStats))]
[JsonSerializable(typeof(GateState))]
internal sealed partial class ControlJson : JsonSerializerContext;
