using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Reads what content blocks of several roles share.</summary>
internal static class BlockReader
{
    public static CacheHint? ReadCache(JsonFields block) =>
        block.Object("cache_control") is { } cache ? new CacheHint(cache.Text("ttl")) : null;

    /// <summary>A text block; other kinds are refused.</summary>
    public static TextPart ReadText(JsonFields block)
    {
        if (block.RequireText("type") != "text")
        {
            throw block.Bad("type", "must be text");
        }

        return new TextPart(block.RequireText("text")) { Cache = ReadCache(block) };
    }

    public static WireFormatException UnknownKind(JsonFields block) => block.Bad("type", "is a kind of content block that is unknown here");
}
