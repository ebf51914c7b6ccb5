using System.Text.Json.Nodes;

namespace AIHigress.MockUpstream.Scripting;

/// <summary>Reads the knobs out of a model id such as <c>mock-chunks=50+delay=20</c>.</summary>
internal static class ModelName
{
    private const string Prefix = "mock-";

    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["delay"] = "chunk_delay_ms",
        ["latency"] = "latency_ms",
        ["first_delay"] = "first_chunk_delay_ms",
        ["hang_headers"] = "hang_before_headers",
        ["only_role"] = "only_role_then_end",
        ["drip"] = "slow_drip",
    };

    public static bool IsScript(string model) => model.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The knobs of the id, by their JSON names; empty for an id that is no script.</summary>
    public static JsonObject Knobs(string model)
    {
        var knobs = new JsonObject();
        if (!IsScript(model))
        {
            return knobs;
        }

        foreach (var part in model[Prefix.Length..].Split('+', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? part : part[..equals]).Replace('-', '_');
            if (name == "ok")
            {
                continue;
            }

            name = ShortNames.GetValueOrDefault(name, name);
            knobs[name] = equals < 0 ? JsonValue.Create(true) : JsonValue.Create(part[(equals + 1)..]);
        }

        return knobs;
    }
}
