using System.Runtime.InteropServices;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Answers;

/// <summary>Reads a whole answer of an upstream. What has the wrong type counts as absent.</summary>
internal static class AnswerReader
{
    public static AnswerRead Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonTree.TryParse(body);
        if (document is not { RootElement.ValueKind: JsonValueKind.Object })
        {
            return default;
        }

        try
        {
            return Read(document.RootElement, body);
        }
        catch (InvalidOperationException)
        {
            // The framework throws this for a member name that holds half of a surrogate pair.
            return default;
        }
    }

    private static AnswerRead Read(JsonElement root, ReadOnlyMemory<byte> body)
    {
        if (!root.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array)
        {
            return new AnswerRead(null, MessagesError.Read(body.Span));
        }

        var parts = new List<Part>();
        foreach (var block in content.EnumerateArray())
        {
            if (block.ValueKind == JsonValueKind.Object && ReadBlock(block) is { } part)
            {
                parts.Add(part);
            }
        }

        var usage = default(MessagesUsage);
        if (root.TryGetProperty("usage", out var counts))
        {
            usage.Read(JsonMarshal.GetRawUtf8Value(counts));
        }

        var finish = StopReasons.Read(Text(root, "stop_reason"), parts.Exists(p => p is ToolCallPart));
        return new AnswerRead(
            new ModelAnswer
            {
                Id = Text(root, "id") ?? "",
                Model = Text(root, "model") ?? "",
                Choices = [new AnswerChoice(0, parts, finish, Text(root, "stop_sequence"))],
                Usage = usage.Total,
            },
            null);
    }

    private static Part? ReadBlock(JsonElement block) => Text(block, "type") switch
    {
        "text" => new TextPart(Text(block, "text") ?? ""),
        "thinking" => new ReasoningPart(Text(block, "thinking") ?? "")
        {
            Seal = Seal.Read(WireProtocol.Messages, Text(block, "signature")),
        },
        "redacted_thinking" => new ReasoningPart("")
        {
            IsRedacted = true,
            Seal = Text(block, "data") is { Length: > 0 } data ? Seal.From(WireProtocol.Messages, data) : null,
        },
        "tool_use" => new ToolCallPart(Text(block, "id") ?? "", Text(block, "name") ?? "", ReadInput(block)),
        _ => null,
    };

    private static string ReadInput(JsonElement block) =>
        block.TryGetProperty("input", out var input) && input.ValueKind == JsonValueKind.Object ? JsonTree.Raw(input)
        : Text(block, "input") is { Length: > 0 } text ? text : "{}";

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? JsonTree.Text(value) : null;
}
