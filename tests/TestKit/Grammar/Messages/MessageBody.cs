namespace AIHigress.TestKit.Grammar.Messages;

/// <summary>A plain message, or the error in its place.</summary>
internal static class MessageBody
{
    public static SeenAnswer Read(Node body, int maxBlocks)
    {
        if (body.Has("error"))
        {
            return new SeenAnswer { Error = MessageShape.ReadError(body) };
        }

        MessageShape.CheckHead(body, "members");
        var blocks = body.Array("content").Items().ToList();
        body.Require(blocks.Count <= maxBlocks, "max-blocks");
        var parts = blocks.Select(ReadBlock).ToList();
        body.Require(parts.Where(p => p.Id is not null).DistinctBy(p => p.Id).Count() == parts.Count(p => p.Id is not null), "tool-id");
        var stop = MessageShape.CheckStop(body, parts.Any(p => p.Kind == SeenKind.ToolCall));
        var usage = UsageNumbers.Read(body.Object("usage"));
        body.Require(usage.ContainsKey("input_tokens") && usage.ContainsKey("output_tokens"), "usage-members");
        return new SeenAnswer
        {
            Id = body.Text("id"),
            Model = body.Text("model"),
            Choices = [new SeenChoice(0, stop, parts)],
            Usage = usage,
            EndedProperly = true,
        };
    }

    private static SeenPart ReadBlock(Node block)
    {
        var type = block.Name("type", "block-type");
        switch (type)
        {
            case "text":
                return new SeenPart(SeenKind.Text, block.Text("text"));
            case "thinking":
                return new SeenPart(SeenKind.Reasoning, block.Text("thinking"), Signature: Signature(block));
            case "redacted_thinking":
                return new SeenPart(SeenKind.Reasoning, "", Signature: block.Name("data", "redacted-data"));
            case "tool_use":
                return new SeenPart(SeenKind.ToolCall, CallArguments.Compact(block.Object("input", "tool-input").Value), block.Name("id", "tool-id"), block.Name("name", "tool-name"));
            case "server_tool_use":
                return new SeenPart(SeenKind.Other, CallArguments.Compact(block.Object("input", "tool-input").Value), block.Name("id", "tool-id"), block.Name("name", "tool-name"));
            default:
                block.Require(MessageShape.IsHostedResult(type), "block-type");
                return new SeenPart(SeenKind.Other, CallArguments.Compact(block.Value), Name: type);
        }
    }

    private static string? Signature(Node block) => block.TextOrNull("signature") is { Length: > 0 } signature ? signature : null;
}
