using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Reads the content blocks of the assistant's messages.</summary>
internal static class AssistantBlocks
{
    public static void Read(JsonFields block, List<Part> parts)
    {
        switch (block.RequireText("type"))
        {
            case "text":
                parts.Add(BlockReader.ReadText(block));
                break;
            case "thinking":
                parts.Add(ReadThinking(block));
                break;
            case "redacted_thinking":
                AddRedacted(Seal.From(WireProtocol.Messages, block.RequireText("data")), parts);
                break;
            case "tool_use":
                AddCall(block, parts);
                break;
            case "compaction":
                if (block.Text("content") is { Length: > 0 } summary)
                {
                    parts.Add(new TextPart(summary) { Cache = BlockReader.ReadCache(block) });
                }

                break;
            case var kind when AnthropicOnly.Has(kind):
                break;
            default:
                UserBlocks.Read(block, Role.User, parts);
                break;
        }
    }

    private static ReasoningPart ReadThinking(JsonFields block) => new(block.Text("thinking") ?? "")
    {
        Seal = Seal.Read(WireProtocol.Messages, block.Text("signature")),
    };

    /// <summary>A seal of Gemini that came after its call had begun was shown behind it (see the stream encoder).</summary>
    private static void AddRedacted(Seal seal, List<Part> parts)
    {
        if (seal.Maker == WireProtocol.Gemini && parts.Count > 0 && parts[^1] is ToolCallPart { Seal: null } call)
        {
            parts[^1] = call with { Seal = seal };
        }
        else
        {
            parts.Add(new ReasoningPart("") { Seal = seal, IsRedacted = true });
        }
    }

    private static void AddCall(JsonFields block, List<Part> parts)
    {
        var input = block.Get("input") ?? throw block.Missing("input");
        if (input.ValueKind != JsonValueKind.Object)
        {
            throw block.Wrong("input", "an object", input);
        }

        var call = new ToolCallPart(block.RequireText("id"), block.RequireText("name"), JsonTree.Raw(input)) { Cache = BlockReader.ReadCache(block) };
        if (parts.Count > 0 && parts[^1] is ReasoningPart { Text: "", IsRedacted: false, Seal: { Maker: WireProtocol.Gemini } seal })
        {
            parts[^1] = call with { Seal = seal };
        }
        else
        {
            parts.Add(call);
        }
    }
}
