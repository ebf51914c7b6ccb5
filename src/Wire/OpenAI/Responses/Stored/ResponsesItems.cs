using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;

namespace AIHigress.Wire.OpenAI.Responses.Stored;

/// <summary>An input or output item as it is kept.</summary>
/// <param name="Id">Its own id, or the one minted for it; stands in <paramref name="Json"/> too.</param>
/// <param name="Json">The item, a JSON object.</param>
public sealed record StoredItem(string Id, string Json);

/// <summary>
/// The items of conversations that are kept here: read from requests and finished responses, put in front of a follow-up's input, and
/// listed. Items stay as they were sent but for their ids.
/// </summary>
public static class ResponsesItems
{
    /// <summary>The input items of a request; a text is one user message.</summary>
    /// <param name="body">A request.</param>
    /// <param name="seed">Hexadecimal digits, unique for this request: ids are minted from them.</param>
    /// <exception cref="WireFormatException">Not JSON, or an input that is neither text nor items.</exception>
    public static IReadOnlyList<StoredItem> ReadInput(ReadOnlyMemory<byte> body, string seed)
    {
        using var document = JsonTree.Parse(body);
        var root = new JsonFields(document.RootElement, "");
        if (root.Get("input") is not { } input)
        {
            return [];
        }

        if (input.ValueKind == JsonValueKind.String)
        {
            return [StoredItemWriter.FromText(JsonTree.Raw(input), $"msg_{seed}i00")];
        }

        if (input.ValueKind != JsonValueKind.Array)
        {
            throw root.Wrong("input", "a string or an array", input);
        }

        return
        [
            .. root.Elements("input")
                .Select(e => new JsonFields(e.Value, e.Path).Element)
                .Where(e => !IsReference(e))
                .Select((e, i) => StoredItemWriter.FromItem(e, $"{seed}i{i:x2}")),
        ];
    }

    /// <summary>The output items of a finished response; none when the body is no response.</summary>
    public static IReadOnlyList<StoredItem> ReadOutput(ReadOnlyMemory<byte> response, string seed)
    {
        using var document = JsonTree.TryParse(response);
        return document is null
            ? []
            : [.. OutputItemReader.Elements(document.RootElement, "output").Where(e => e.ValueKind == JsonValueKind.Object).Select((e, i) => StoredItemWriter.FromItem(e, $"{seed}o{i:x2}"))];
    }

    /// <summary>
    /// Writes the request that a follow-up stands for: what was said before, then its own input, without <c>previous_response_id</c>. References to
    /// items that are among the earlier ones are left out: the items themselves are there.
    /// </summary>
    /// <exception cref="WireFormatException">The body is not JSON.</exception>
    public static void Compose(ReadOnlyMemory<byte> body, IReadOnlyList<StoredItem> history, IBufferWriter<byte> output)
    {
        using var document = JsonTree.Parse(body);
        var root = new JsonFields(document.RootElement, "");
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        foreach (var member in root.Element.EnumerateObject())
        {
            if (JsonTree.Name(member) is var name && name is not ("previous_response_id" or "input"))
            {
                json.WriteRawMember(name, JsonTree.Raw(member.Value));
            }
        }

        json.WriteStartArray("input"u8);
        foreach (var item in history)
        {
            json.WriteRawValue(item.Json, skipInputValidation: true);
        }

        WriteInput(json, root, [.. history.Select(i => i.Id)]);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>Writes the answer to <c>GET /v1/responses/{id}/input_items</c>.</summary>
    public static void WriteList(IReadOnlyList<StoredItem> items, bool hasMore, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var item in items)
        {
            json.WriteRawValue(item.Json, skipInputValidation: true);
        }

        json.WriteEndArray();
        json.WriteString("first_id"u8, items is [var first, ..] ? first.Id : null);
        json.WriteString("last_id"u8, items is [.., var last] ? last.Id : null);
        json.WriteBoolean("has_more"u8, hasMore);
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>Writes the answer to <c>DELETE /v1/responses/{id}</c>.</summary>
    public static void WriteDeleted(string responseId, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteString("id"u8, responseId);
        json.WriteString("object"u8, "response"u8);
        json.WriteBoolean("deleted"u8, true);
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteInput(Utf8JsonWriter json, JsonFields root, HashSet<string> known)
    {
        if (root.Get("input") is not { } input)
        {
            return;
        }

        if (input.ValueKind == JsonValueKind.String)
        {
            StoredItemWriter.WriteText(json, JsonTree.Raw(input), id: null);
            return;
        }

        foreach (var (value, _) in root.Elements("input"))
        {
            if (!IsReference(value) || OutputItemReader.Text(value, "id") is not { } id || !known.Contains(id))
            {
                json.WriteRawValue(JsonTree.Raw(value), skipInputValidation: true);
            }
        }
    }

    private static bool IsReference(JsonElement item) => OutputItemReader.Text(item, "type") is { } type
        ? type == "item_reference"
        : item.ValueKind == JsonValueKind.Object && !item.TryGetProperty("role", out _);
}
