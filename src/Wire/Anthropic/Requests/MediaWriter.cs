using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Writes image and document blocks.</summary>
internal static class MediaWriter
{
    public static void WriteImage(Utf8JsonWriter json, MediaSource source, CacheHint? cache)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "image"u8);
        json.WriteStartObject("source"u8);
        WriteSource(json, source, "image/png");
        json.WriteEndObject();
        BlockWriter.WriteCache(json, cache);
        json.WriteEndObject();
    }

    public static void WriteFile(Utf8JsonWriter json, FilePart file)
    {
        if (file.Source.MediaType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true)
        {
            WriteImage(json, file.Source, file.Cache);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "document"u8);
        json.WriteStartObject("source"u8);
        if (TextOf(file.Source) is { } text)
        {
            json.WriteString("type"u8, "text"u8);
            json.WriteString("media_type"u8, "text/plain"u8);
            json.WriteString("data"u8, text);
        }
        else
        {
            WriteSource(json, file.Source, "application/pdf");
        }

        json.WriteEndObject();
        json.WriteMember("title", string.IsNullOrEmpty(file.FileName) ? null : file.FileName);
        BlockWriter.WriteCache(json, file.Cache);
        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, MediaSource source, string defaultType)
    {
        if (source.Url is not null)
        {
            json.WriteString("type"u8, "url"u8);
            json.WriteString("url"u8, source.Url);
        }
        else if (source.FileId is not null)
        {
            json.WriteString("type"u8, "file"u8);
            json.WriteString("file_id"u8, source.FileId);
        }
        else
        {
            json.WriteString("type"u8, "base64"u8);
            json.WriteString("media_type"u8, source.MediaType ?? defaultType);
            json.WriteString("data"u8, source.Data);
        }
    }

    /// <summary>Anthropic takes text documents as text, not as base64; null when it is no text.</summary>
    private static string? TextOf(MediaSource source)
    {
        if (source.IsText || source.Data is null)
        {
            return source.IsText ? source.Data ?? "" : null;
        }

        var isText = source.MediaType is { } type
            && (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase));
        return isText && Base64.IsValid(source.Data) ? Encoding.UTF8.GetString(Convert.FromBase64String(source.Data)) : null;
    }
}
