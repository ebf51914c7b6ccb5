using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Requests;

/// <summary>Reads content: a string, or a list of parts.</summary>
internal static class ResponsesContentReader
{
    public static List<Part> Read(JsonFields owner, string name)
    {
        if (owner.Get(name) is not { } content)
        {
            throw owner.Missing(name);
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => [new TextPart(JsonTree.Text(content))],
            JsonValueKind.Array => [.. owner.Elements(name).Select(e => ReadPart(new JsonFields(e.Value, e.Path))).OfType<Part>()],
            _ => throw owner.Wrong(name, "a string or an array", content),
        };
    }

    // Null: known, and refused over every other protocol by the field table.
    private static Part? ReadPart(JsonFields part) => part.RequireText("type") switch
    {
        "input_text" or "output_text" or "text" => new TextPart(part.RequireText("text")),
        "input_image" => new ImagePart(ReadImage(part)) { Detail = part.Text("detail") },
        "input_file" => ReadFile(part),
        "input_audio" => ReadAudio(part.Object("input_audio") ?? throw part.Missing("input_audio")),
        "refusal" => new RefusalPart(part.RequireText("refusal")),
        "computer_screenshot" or "reasoning_text" or "summary_text" => null,
        _ => throw part.Bad("type", "is no part kind known here: input_text, input_image, input_file, input_audio, output_text or refusal"),
    };

    private static MediaSource ReadImage(JsonFields part) =>
        part.Text("image_url") is { } url ? DataUrl.Read(url)
        : part.Text("file_id") is { } id ? new MediaSource { FileId = id }
        : throw part.Missing("image_url");

    private static FilePart ReadFile(JsonFields part)
    {
        var name = part.Text("filename");
        var source = part.Text("file_data") is { } data ? DataUrl.ReadFile(data, name)
            : part.Text("file_url") is { } url ? DataUrl.Read(url)
            : part.Text("file_id") is { } id ? new MediaSource { FileId = id }
            : throw part.Missing("file_data");
        return new FilePart(source) { FileName = name };
    }

    private static AudioPart ReadAudio(JsonFields audio)
    {
        var format = audio.RequireText("format");
        return new AudioPart(new MediaSource { Data = audio.RequireText("data"), MediaType = format == "mp3" ? "audio/mpeg" : $"audio/{format}" });
    }
}
