using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Requests;

/// <summary>Images, sounds and files as Chat has them: addresses and data URLs.</summary>
internal static class ChatMedia
{
    /// <summary>Reads an address or a data URL.</summary>
    public static MediaSource FromUrl(JsonFields fields, string name)
    {
        var url = fields.RequireText(name);
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return IsAddress(url) ? new MediaSource { Url = url } : throw fields.Bad(name, "must be an http(s) address or a base64 data URL");
        }

        var comma = url.IndexOf(',');
        var head = comma < 0 ? "" : url[5..comma];
        if (!head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            throw fields.Bad(name, "must be a data URL in base64: data:<media type>;base64,<data>");
        }

        var type = head.Split(';')[0].Trim();
        return new MediaSource { MediaType = type.Length > 0 ? type : null, Data = url[(comma + 1)..] };
    }

    public static bool IsAddress(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The media type that a file's name stands for; PDF, which every server takes, when it says nothing.</summary>
    public static string TypeOf(string? fileName) => Path.GetExtension(fileName ?? "").ToUpperInvariant() switch
    {
        ".TXT" or ".LOG" => "text/plain",
        ".MD" => "text/markdown",
        ".CSV" => "text/csv",
        ".HTML" or ".HTM" => "text/html",
        ".JSON" => "application/json",
        ".DOCX" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".XLSX" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".PPTX" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ => "application/pdf",
    };

    /// <summary>The address, or the data as a data URL; null for what lies at a provider.</summary>
    public static string? ToUrl(MediaSource source, string defaultType) =>
        source.Url ?? (source.Data is { } data ? $"data:{source.MediaType ?? defaultType};base64,{data}" : null);

    /// <summary>Chat's word for a sound's format.</summary>
    public static string AudioFormat(string? mediaType) => mediaType switch
    {
        null or "audio/wav" or "audio/x-wav" or "audio/wave" or "audio/vnd.wave" => "wav",
        "audio/mpeg" or "audio/mp3" or "audio/mpeg3" => "mp3",
        _ => mediaType[(mediaType.IndexOf('/') + 1)..].Split(';')[0],
    };
}
