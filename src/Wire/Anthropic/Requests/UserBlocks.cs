using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Reads the content blocks of users' and system messages.</summary>
internal static class UserBlocks
{
    public static void Read(JsonFields block, Role role, List<Part> parts)
    {
        switch (block.RequireText("type"))
        {
            case "text":
                parts.Add(BlockReader.ReadText(block));
                break;
            case "image" when role == Role.User:
                parts.Add(MediaReader.ReadImage(block));
                break;
            case "document" when role == Role.User:
                MediaReader.ReadDocument(block, parts);
                break;
            case "search_result" when role == Role.User:
                MediaReader.ReadSearchResult(block, parts);
                break;
            case "tool_result" when role == Role.User:
                parts.Add(ReadResult(block));
                break;
            case var kind when AnthropicOnly.Has(kind):
                break;
            default:
                throw BlockReader.UnknownKind(block);
        }
    }

    private static ToolResultPart ReadResult(JsonFields block) => new(block.RequireText("tool_use_id"), ReadContent(block))
    {
        IsError = block.Flag("is_error") ?? false,
        Cache = BlockReader.ReadCache(block),
    };

    private static List<Part> ReadContent(JsonFields block)
    {
        var parts = new List<Part>();
        if (block.Get("content") is { ValueKind: JsonValueKind.String } text)
        {
            parts.Add(new TextPart(JsonTree.Text(text)));
            return parts;
        }

        foreach (var (value, path) in block.Elements("content"))
        {
            var inner = new JsonFields(value, path);
            switch (inner.RequireText("type"))
            {
                case "text":
                    parts.Add(BlockReader.ReadText(inner));
                    break;
                case "image":
                    parts.Add(MediaReader.ReadImage(inner));
                    break;
                case "document":
                    MediaReader.ReadDocument(inner, parts);
                    break;
                case "search_result":
                    MediaReader.ReadSearchResult(inner, parts);
                    break;
                case "tool_reference":
                    parts.Add(new TextPart(inner.RequireText("tool_name")));
                    break;
                case var kind when AnthropicOnly.Has(kind):
                    break;
                default:
                    throw BlockReader.UnknownKind(inner);
            }
        }

        return parts;
    }
}
