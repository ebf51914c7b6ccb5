using System.Text;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Requests;

/// <summary>Media as OpenAI has it: one string that is an address or a data URL (RFC 2397).</summary>
internal static class DataUrl
{
    private const string PlainText = "text/plain";

    /// <summary>A data URL becomes data, anything else is an address.</summary>
    public static MediaSource Read(string url)
    {
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || url.IndexOf(',') is not (> 0 and var comma))
        {
            return new MediaSource { Url = url };
        }

        var head = url.AsSpan(5, comma - 5);
        var isBase64 = head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase);
        var end = head.IndexOf(';');
        var mediaType = (end < 0 ? head : head[..end]).ToString();
        return FromData(
            isBase64 ? url[(comma + 1)..] : Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url[(comma + 1)..]))),
            mediaType.Length > 0 ? mediaType : PlainText);
    }

    /// <summary>The data of a file: a data URL, or bare base64 whose type only the file's name can tell.</summary>
    public static MediaSource ReadFile(string data, string? fileName) => data.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
        ? Read(data)
        : FromData(data, fileName?.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) == true ? PlainText : "application/pdf");

    /// <param name="source">Not a file id.</param>
    /// <param name="defaultType">For data of unknown type.</param>
    public static string Write(MediaSource source, string defaultType)
    {
        if (source.Url is { } url)
        {
            return url;
        }

        var type = source.MediaType ?? (source.IsText ? PlainText : defaultType);
        var data = source.IsText ? Convert.ToBase64String(Encoding.UTF8.GetBytes(source.Data ?? "")) : source.Data;
        return $"data:{type};base64,{data}";
    }

    // Protocols differ in how they take text files, so text is kept as text.
    private static MediaSource FromData(string data, string mediaType)
    {
        var bytes = new byte[data.Length];
        return mediaType == PlainText && Convert.TryFromBase64String(data, bytes, out var length) && System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, length))
            ? new MediaSource { Data = Encoding.UTF8.GetString(bytes, 0, length), IsText = true, MediaType = mediaType }
            : new MediaSource { Data = data, MediaType = mediaType };
    }
}
