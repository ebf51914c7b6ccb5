using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;

namespace AIHigress.Wire.OpenAI.Responses.Stored;

/// <summary>Lists of items as they lie in storage: one JSON array.</summary>
public static class StoredItems
{
    public static void Write(IReadOnlyList<StoredItem> items, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartArray();
        foreach (var item in items)
        {
            json.WriteRawValue(item.Json, skipInputValidation: true);
        }

        json.WriteEndArray();
    }

    public static IReadOnlyList<StoredItem> Read(ReadOnlyMemory<byte> array)
    {
        using var document = JsonTree.TryParse(array);
        return document is null || document.RootElement.ValueKind != JsonValueKind.Array
            ? []
            : [.. document.RootElement.EnumerateArray().Select(e => new StoredItem(OutputItemReader.Text(e, "id") ?? "", JsonTree.Raw(e)))];
    }

    /// <summary>True for thoughts that nobody can read any more: the upstream that made them kept them, and left nothing but their id.</summary>
    public static bool HasUnsealedReasoning(IReadOnlyList<StoredItem> items) => items.Any(IsUnsealedReasoning);

    private static bool IsUnsealedReasoning(StoredItem item)
    {
        if (!item.Json.Contains("\"reasoning\"", StringComparison.Ordinal))
        {
            return false;
        }

        using var document = JsonDocument.Parse(item.Json);
        return OutputItemReader.Text(document.RootElement, "type") == "reasoning"
            && string.IsNullOrEmpty(OutputItemReader.Text(document.RootElement, "encrypted_content"));
    }
}
