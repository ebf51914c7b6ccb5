using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIHigress.Gateway.Data;

/// <summary>Builds the diff of an audit event: field → [before, after]. Secrets are only ever "changed".</summary>
internal sealed class AuditDiff
{
    private readonly JsonObject _fields = [];

    public AuditDiff Add<T>(string field, T before, T after)
    {
        var old = JsonSerializer.SerializeToNode(before, JsonSerializerOptions.Web);
        var now = JsonSerializer.SerializeToNode(after, JsonSerializerOptions.Web);
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

    public bool IsEmpty => _fields.Count == 0;

    /// <summary>The JSON text, or null when nothing differs.</summary>
    public string? Text => IsEmpty ? null : _fields.ToJsonString();
}
