using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Requests;

/// <summary>Writes the parts of a message's content or of a tool's output.</summary>
internal static class ResponsesContentWriter
{
    /// <param name="isOutput">The text is the model's own.</param>
    public static void Write(Utf8JsonWriter json, Part part, bool isOutput)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type"u8, isOutput ? "output_text"u8 : "input_text"u8);
                json.WriteString("text"u8, text.Text);
                break;
            case RefusalPart refusal:
                json.WriteString("type"u8, "refusal"u8);
                json.WriteString("refusal"u8, refusal.Text);
                break;
            case ImagePart image:
                WriteImage(json, image);
                break;
            case FilePart file:
                WriteFile(json, file);
                break;
            case VideoPart video:
                // No place of its own: an upstream that takes it takes it as a file, and others say so.
                WriteFile(json, new FilePart(video.Source) { FileName = "video.mp4" });
                break;
            case AudioPart audio:
                WriteAudio(json, audio);
                break;
            default:
                throw new ArgumentException($"Responses has no place for {part.GetType().Name}.", nameof(part));
        }

        json.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter json, ImagePart image)
    {
        json.WriteString("type"u8, "input_image"u8);
        if (image.Source.FileId is { } id)
        {
            json.WriteString("file_id"u8, id);
        }
        else
        {
            json.WriteString("image_url"u8, DataUrl.Write(image.Source, "image/png"));
        }

        json.WriteMember("detail", image.Detail);
    }

    private static void WriteFile(Utf8JsonWriter json, FilePart file)
    {
        json.WriteString("type"u8, "input_file"u8);
        if (file.Source.FileId is { } id)
        {
            json.WriteString("file_id"u8, id);
        }
        else if (file.Source.Url is { } url)
        {
            // A name beside an address is refused.
            json.WriteString("file_url"u8, url);
        }
        else
        {
            // Data without a name is refused.
            var isText = file.Source.IsText || file.Source.MediaType?.StartsWith("text/", StringComparison.Ordinal) == true;
            json.WriteString("filename"u8, file.FileName ?? (isText ? "document.txt" : "document.pdf"));
            json.WriteString("file_data"u8, DataUrl.Write(file.Source, "application/pdf"));
        }
    }

    private static void WriteAudio(Utf8JsonWriter json, AudioPart audio)
    {
        json.WriteString("type"u8, "input_audio"u8);
        json.WriteStartObject("input_audio"u8);
        json.WriteMember("data", audio.Source.Data);
        json.WriteString("format"u8, audio.Source.MediaType switch
        {
            "audio/mpeg" or "audio/mp3" => "mp3",
            { } type when type.StartsWith("audio/", StringComparison.Ordinal) => type["audio/".Length..],
            _ => "wav",
        });
        json.WriteEndObject();
    }
}
