using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Requests;

/// <summary>Writes what a user says.</summary>
internal static class ChatPartWriter
{
    /// <summary>One text is a string, anything else an array.</summary>
    public static void WriteMessage(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        if (parts.Count == 0 || (parts.Count == 1 && parts[0] is TextPart))
        {
            json.WriteString("content"u8, parts.Count == 0 ? "" : ((TextPart)parts[0]).Text);
        }
        else
        {
            json.WriteStartArray("content"u8);
            foreach (var part in parts)
            {
                Write(json, part);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Part part)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(json, text.Text);
                break;
            case ImagePart image when ChatMedia.ToUrl(image.Source, "image/png") is { } url:
                json.WriteStartObject();
                json.WriteString("type"u8, "image_url"u8);
                json.WriteStartObject("image_url"u8);
                json.WriteString("url"u8, url);
                json.WriteMember("detail", image.Detail);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case AudioPart { Source.Data: { } data } audio:
                json.WriteStartObject();
                json.WriteString("type"u8, "input_audio"u8);
                json.WriteStartObject("input_audio"u8);
                json.WriteString("data"u8, data);
                json.WriteString("format"u8, ChatMedia.AudioFormat(audio.Source.MediaType));
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case VideoPart video when ChatMedia.ToUrl(video.Source, "video/mp4") is { } url:
                json.WriteStartObject();
                json.WriteString("type"u8, "video_url"u8);
                json.WriteStartObject("video_url"u8);
                json.WriteString("url"u8, url);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case FilePart file:
                WriteFile(json, file);
                break;
            default:
                // The field tables refuse what has no place here before it is written.
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    // Documents that are text are said as text: files need a server that reads PDF.
    private static void WriteFile(Utf8JsonWriter json, FilePart file)
    {
        if (file.Source.IsText)
        {
            WriteText(json, file.FileName is { Length: > 0 } name ? $"{name}:\n{file.Source.Data}" : file.Source.Data ?? "");
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        json.WriteMember("file_id", file.Source.FileId);
        json.WriteMember("file_data", ChatMedia.ToUrl(file.Source, "application/pdf"));
        json.WriteMember("filename", file.FileName ?? (file.Source.FileId is null ? NameFor(file.Source) : null));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // OpenAI demands a name beside data.
    private static string NameFor(MediaSource source) => source.MediaType switch
    {
        "text/plain" => "document.txt",
        "text/markdown" => "document.md",
        "text/csv" => "document.csv",
        "text/html" => "document.html",
        _ => "document.pdf",
    };
}
