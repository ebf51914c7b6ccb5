using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat;

/// <summary>
/// Thoughts in a whole message: their text in <c>reasoning_content</c>, their seals in <c>reasoning_details</c>. So that the text is not sent
/// twice, the details repeat it only from the second part on; the first part is what stands in front of theirs.
/// </summary>
internal static class ChatReasoning
{
    /// <param name="text">Of <c>reasoning_content</c> or <c>reasoning</c>; null or empty when there is none.</param>
    /// <param name="details">An array; anything else counts as empty.</param>
    /// <param name="seal">Makes a seal of what the sender gave.</param>
    public static List<ReasoningPart> Read(string? text, JsonElement details, Func<string, Seal> seal)
    {
        var parts = new List<ReasoningPart>();
        long? lastIndex = null;
        foreach (var detail in details.ValueKind == JsonValueKind.Array ? details.EnumerateArray() : default)
        {
            if (detail.ValueKind == JsonValueKind.Object)
            {
                var index = Number(detail, "index");
                Add(parts, detail, isMore: parts.Count > 0 && index == lastIndex, seal);
                lastIndex = index;
            }
        }

        Place(parts, text ?? "");
        parts.RemoveAll(p => p.Text.Length == 0 && p.Seal is null);
        return parts;
    }

    /// <summary>Writes both members into an open object.</summary>
    /// <param name="parts">Of one message.</param>
    /// <param name="seal">The text of a seal for the receiver; null leaves it out.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ReasoningPart> parts, Func<Seal, string?> seal)
    {
        var text = string.Concat(parts.Select(p => p.Text));
        if (text.Length > 0)
        {
            json.WriteString("reasoning_content"u8, text);
        }

        if (parts.Count < 2 && (parts.Count == 0 || parts[0].Seal is not { } only || seal(only) is null))
        {
            return;
        }

        json.WriteStartArray("reasoning_details"u8);
        for (var i = 0; i < parts.Count; i++)
        {
            WriteDetail(json, i, parts[i].IsRedacted, i > 0 ? parts[i].Text : "", parts[i].Seal is { } own ? seal(own) : null);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes one element of <c>reasoning_details</c>.</summary>
    public static void WriteDetail(Utf8JsonWriter json, int index, bool isRedacted, string text, string? seal)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, isRedacted ? "reasoning.encrypted"u8 : "reasoning.text"u8);
        if (text.Length > 0)
        {
            json.WriteString("text"u8, text);
        }

        json.WriteMember(isRedacted ? "data" : "signature", seal);
        json.WriteNumber("index"u8, index);
        json.WriteEndObject();
    }

    // A client may send the pieces of a stream as they came, or put together.
    private static void Add(List<ReasoningPart> parts, JsonElement detail, bool isMore, Func<string, Seal> seal)
    {
        if (Text(detail, "data") is { Length: > 0 } data)
        {
            parts.Add(new ReasoningPart("") { IsRedacted = true, Seal = seal(data) });
            return;
        }

        var text = Text(detail, "text") ?? Text(detail, "summary") ?? "";
        var signature = Text(detail, "signature") is { Length: > 0 } given ? seal(given) : null;
        if (isMore && parts[^1] is { IsRedacted: false, Seal: null } last)
        {
            parts[^1] = last with { Text = last.Text + text, Seal = signature };
        }
        else
        {
            parts.Add(new ReasoningPart(text) { Seal = signature });
        }
    }

    private static void Place(List<ReasoningPart> parts, string text)
    {
        var rest = text.AsSpan();
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (!rest.EndsWith(parts[i].Text, StringComparison.Ordinal))
            {
                return;
            }

            rest = rest[..^parts[i].Text.Length];
        }

        if (rest.IsEmpty)
        {
            return;
        }

        var front = rest.Length == text.Length ? text : rest.ToString();

        var first = parts.FindIndex(p => p is { IsRedacted: false, Text.Length: 0 });
        if (first >= 0)
        {
            parts[first] = parts[first] with { Text = front };
        }
        else
        {
            parts.Insert(0, new ReasoningPart(front));
        }
    }

    private static string? Text(JsonElement detail, string name) =>
        detail.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? JsonTree.Text(value) : null;

    private static long? Number(JsonElement detail, string name) =>
        detail.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
