using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI.Responses.Stored;

/// <summary>Copies a JSON object with some of its members replaced, left out or added; everything else stays as it was sent.</summary>
public static class ObjectRewrite
{
    /// <param name="source">A JSON object.</param>
    /// <param name="members">Raw JSON values by name; a null value leaves the member out.</param>
    /// <param name="output">Where to.</param>
    /// <returns>False, and nothing written, when the source is no object.</returns>
    public static bool Write(ReadOnlyMemory<byte> source, IReadOnlyDictionary<string, string?> members, IBufferWriter<byte> output)
    {
        using var document = JsonTree.TryParse(source);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        using var json = JsonOut.NewWriter(output);
        Write(json, document.RootElement, members);
        return true;
    }

    internal static void Write(Utf8JsonWriter json, JsonElement source, IReadOnlyDictionary<string, string?> members)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject();
        foreach (var member in source.EnumerateObject())
        {
            var name = JsonTree.Name(member);
            if (!members.TryGetValue(name, out var raw))
            {
                json.WriteRawMember(name, JsonTree.Raw(member.Value));
            }
            else if (written.Add(name))
            {
                json.WriteRawMember(name, raw);
            }
        }

        foreach (var (name, raw) in members)
        {
            if (!written.Contains(name))
            {
                json.WriteRawMember(name, raw);
            }
        }

        json.WriteEndObject();
    }
}
