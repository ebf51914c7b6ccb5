using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>inlineData and fileData: the class of the media type says what they are.</summary>
internal static class GeminiMedia
{
    private const string FileService = "https://generativelanguage.googleapis.com/";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Part ReadInline(GeminiFields blob)
    {
        var type = blob.RequireText("mimeType");
        var data = ToStandard(blob.Get("data") is null ? throw blob.Missing("data") : blob.Text("data")!);
        if (!Base64.IsValid(data))
        {
            throw blob.Bad("data", "must be base64");
        }

        var source = type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && TryText(data) is { } text
            ? new MediaSource { MediaType = type, Data = text, IsText = true }
            : new MediaSource { MediaType = type, Data = data };
        return ToPart(source, type, blob.Text("displayName"));
    }

    public static Part ReadFile(GeminiFields file)
    {
        var uri = file.RequireText("fileUri");
        var type = file.Text("mimeType");
        var source = IsStored(uri) ? new MediaSource { MediaType = type, FileId = uri } : new MediaSource { MediaType = type, Url = uri };
        return ToPart(source, type ?? "", file.Text("displayName"));
    }

    /// <summary>Files that only Google can open: of its file service or its buckets.</summary>
    public static bool IsStored(string uri) =>
        uri.StartsWith(FileService, StringComparison.OrdinalIgnoreCase) || !uri.StartsWith("http", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes the member inlineData or fileData.</summary>
    public static void Write(Utf8JsonWriter json, MediaSource source, string defaultType)
    {
        var isInline = source.Data is not null;
        json.WriteStartObject(isInline ? "inlineData" : "fileData");
        json.WriteMember("mimeType", source.MediaType ?? (isInline ? Guess(source, defaultType) : null));
        if (source.IsText)
        {
            json.WriteBase64String("data", Encoding.UTF8.GetBytes(source.Data ?? ""));
        }
        else
        {
            json.WriteString(isInline ? "data" : "fileUri", source.Data ?? source.Url ?? source.FileId ?? "");
        }

        json.WriteEndObject();
    }

    private static Part ToPart(MediaSource source, string type, string? name) => type.ToLowerInvariant().Split('/')[0] switch
    {
        "image" => new ImagePart(source),
        "audio" => new AudioPart(source),
        "video" => new VideoPart(source),
        _ => new FilePart(source) { FileName = name },
    };

    // The first bytes of the usual formats, as base64 shows them.
    private static string Guess(MediaSource source, string defaultType) => source switch
    {
        { IsText: true } => "text/plain",
        { Data: { } data } when data.StartsWith("iVBORw", StringComparison.Ordinal) => "image/png",
        { Data: { } data } when data.StartsWith("/9j/", StringComparison.Ordinal) => "image/jpeg",
        { Data: { } data } when data.StartsWith("R0lGOD", StringComparison.Ordinal) => "image/gif",
        { Data: { } data } when data.StartsWith("JVBERi", StringComparison.Ordinal) => "application/pdf",
        _ => defaultType,
    };

    // Google takes the URL-safe alphabet and missing padding too.
    private static string ToStandard(string data)
    {
        var standard = data.Replace('-', '+').Replace('_', '/');
        return (standard.Length % 4) switch
        {
            2 => standard + "==",
            3 => standard + "=",
            _ => standard,
        };
    }

    private static string? TryText(string data)
    {
        try
        {
            return StrictUtf8.GetString(Convert.FromBase64String(data));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
