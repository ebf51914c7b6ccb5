using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AIHigress.Gateway.Data;

/// <summary>Builds the diff of an audit event: field → [before, after]. Secrets are only ever "changed".</summary>
internal sealed class AuditDiff
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly JsonObject _fields = [];

    public bool IsEmpty => _fields.Count == 0;

    /// <summary>The JSON text, or null when nothing differs.</summary>
    public string? Text => IsEmpty ? null : _fields.ToJsonString();

    public AuditDiff Add<T>(string field, T before, T after)
    {
        var old = JsonSerializer.SerializeToNode(before, Json);
        var now = JsonSerializer.SerializeToNode(after, Json);
        if (!JsonNode.DeepEquals(old, now))
        {
            _fields[field] = new JsonArray(old, now);
        }

        return this;
    }

    public AuditDiff Changed(string field)
    {
        _fields[field] = "changed";
        return this;
    }
}
