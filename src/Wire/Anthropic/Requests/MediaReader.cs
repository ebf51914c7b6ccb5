using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Reads image and document blocks.</summary>
internal static class MediaReader
{
    public static ImagePart ReadImage(JsonFields block) =>
        new(ReadSource(Source(block), defaultType: null)) { Cache = BlockReader.ReadCache(block) };

    /// <summary>A document is one part, or the texts and images that it consists of; its context stands in front of it as text.</summary>
    public static void ReadDocument(JsonFields block, List<Part> parts)
    {
        if (block.Text("context") is { Length: > 0 } context)
        {
            parts.Add(new TextPart(context));
        }

        var source = Source(block);
        var cache = BlockReader.ReadCache(block);
        var title = block.Text("title");
        if (source.RequireText("type") != "content")
        {
            parts.Add(new FilePart(ReadSource(source, defaultType: "application/pdf")) { FileName = title, Cache = cache });
            return;
        }

        if (title is { Length: > 0 })
        {
            parts.Add(new TextPart(title));
        }

        ReadContent(source, parts);
        if (cache is not null && parts.Count > 0)
        {
            parts[^1] = parts[^1] with { Cache = cache };
        }
    }

    /// <summary>A search result is carried as its title, its source and its texts.</summary>
    public static void ReadSearchResult(JsonFields block, List<Part> parts)
    {
        var texts = block.Elements("content").Select(e => BlockReader.ReadText(new JsonFields(e.Value, e.Path)).Text).ToArray();
        parts.Add(new TextPart($"{block.RequireText("title")}\n{block.RequireText("source")}\n\n{string.Join("\n", texts)}")
        {
            Cache = BlockReader.ReadCache(block),
        });
    }

    private static void ReadContent(JsonFields source, List<Part> parts)
    {
        if (source.Get("content") is { ValueKind: JsonValueKind.String } text)
        {
            parts.Add(new TextPart(JsonTree.Text(text)));
            return;
        }

        foreach (var (value, path) in source.Elements("content"))
        {
            var inner = new JsonFields(value, path);
            parts.Add(inner.RequireText("type") switch
            {
                "text" => BlockReader.ReadText(inner),
                "image" => ReadImage(inner),
                _ => throw BlockReader.UnknownKind(inner),
            });
        }
    }

    private static JsonFields Source(JsonFields block) => block.Object("source") ?? throw block.Missing("source");

    private static MediaSource ReadSource(JsonFields source, string? defaultType) => source.RequireText("type") switch
    {
        "base64" => new MediaSource { MediaType = source.RequireText("media_type"), Data = source.RequireText("data") },
        "text" => new MediaSource { MediaType = source.Text("media_type") ?? "text/plain", Data = source.RequireText("data"), IsText = true },
        "url" => new MediaSource { MediaType = defaultType, Url = source.RequireText("url") },
        "file" => new MediaSource { FileId = source.RequireText("file_id") },
        _ => throw source.Bad("type", "is a kind of source that is unknown here"),
    };
}
