using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Requests;

/// <summary>Reads <c>content</c>: a text, or an array of parts of which each role may have its own kinds.</summary>
internal static class ChatPartReader
{
    private const string Expected = "a string or an array of parts";

    /// <summary>Of system and developer messages.</summary>
    public static List<TextPart> Texts(JsonFields message) =>
        [.. Parts(message, "only text parts are allowed here", Required.Yes, static (_, _) => null).Cast<TextPart>()];

    /// <summary>Of user messages.</summary>
    public static List<Part> User(JsonFields message) =>
        Parts(message, "must be text, image_url, input_audio, video_url or file", Required.Yes, Media);

    /// <summary>Of assistant messages: an empty text says nothing.</summary>
    public static List<Part> Assistant(JsonFields message)
    {
        var parts = Parts(message, "must be text or refusal", Required.No, static (kind, part) =>
            kind == "refusal" ? new RefusalPart(part.RequireText("refusal")) : null);
        parts.RemoveAll(p => p is TextPart { Text.Length: 0 });
        return parts;
    }

    /// <summary>Of tool messages; some servers take images there too.</summary>
    public static List<Part> Result(JsonFields message) =>
        Parts(message, "must be text, image_url or file", Required.No, static (kind, part) => kind is "image_url" or "file" ? Media(kind, part) : null);

    /// <summary>Anthropic's mark, which servers that lead to its models take in this protocol too.</summary>
    public static CacheHint? Cache(JsonFields part) =>
        part.Object("cache_control") is { } hint ? new CacheHint(hint.Text("ttl")) : null;

    private enum Required
    {
        No,
        Yes,
    }

    private static List<Part> Parts(JsonFields message, string kinds, Required required, Func<string, JsonFields, Part?> read)
    {
        switch (message.Get("content"))
        {
            case null:
                return required == Required.Yes ? throw message.Missing("content") : [];
            case { ValueKind: JsonValueKind.String } text:
                return [new TextPart(JsonTree.Text(text)) { Cache = Cache(message) }];
            case { ValueKind: JsonValueKind.Array }:
                break;
            case { } other:
                throw message.Wrong("content", Expected, other);
        }

        var parts = new List<Part>();
        foreach (var (value, path) in message.Elements("content"))
        {
            var part = new JsonFields(value, path);
            var kind = part.RequireText("type");
            var found = kind == "text" ? new TextPart(part.RequireText("text")) : read(kind, part) ?? throw part.Bad("type", kinds);
            parts.Add(Cache(part) is { } cache ? found with { Cache = cache } : found);
        }

        return parts;
    }

    private static Part? Media(string kind, JsonFields part) => kind switch
    {
        "image_url" => Image(part),
        "input_audio" => Audio(part.Object("input_audio") ?? throw part.Missing("input_audio")),
        "video_url" => new VideoPart(ChatMedia.FromUrl(part.Object("video_url") ?? throw part.Missing("video_url"), "url")),
        "file" => File(part.Object("file") ?? throw part.Missing("file")),
        _ => null,
    };

    private static ImagePart Image(JsonFields part)
    {
        // Some clients send the address itself where the object belongs.
        if (part.Get("image_url") is { ValueKind: JsonValueKind.String })
        {
            return new ImagePart(ChatMedia.FromUrl(part, "image_url"));
        }

        var image = part.Object("image_url") ?? throw part.Missing("image_url");
        return new ImagePart(ChatMedia.FromUrl(image, "url")) { Detail = image.Text("detail") };
    }

    private static AudioPart Audio(JsonFields audio) => new(new MediaSource
    {
        Data = audio.RequireText("data"),
        MediaType = $"audio/{audio.RequireText("format")}",
    });

    private static FilePart File(JsonFields file)
    {
        var name = file.Text("filename");
        if (file.Text("file_id") is { } id)
        {
            return new FilePart(new MediaSource { FileId = id }) { FileName = name };
        }

        var data = file.RequireText("file_data");
        var source = data.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || ChatMedia.IsAddress(data)
            ? ChatMedia.FromUrl(file, "file_data")
            : new MediaSource { Data = data, MediaType = ChatMedia.TypeOf(name) };
        return new FilePart(source) { FileName = name };
    }
}
