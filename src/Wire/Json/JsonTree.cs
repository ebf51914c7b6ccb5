using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AIHigress.Wire.Json;

/// <summary>Bodies as trees, for those that must be understood whole. Strict like the scanners: UTF-8, no duplicates, <see cref="JsonFault.MaxDepth"/> levels.</summary>
internal static class JsonTree
{
    /// <summary>How many objects and arrays a tree may have: each costs memory whatever its length, and no request or answer comes near.</summary>
    public const int MostContainers = 1_000_000;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = JsonFault.MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The tree refers to the body's bytes, which must stay as they are until it is disposed.</summary>
    /// <exception cref="WireFormatException">Not JSON, a member twice, or too many values.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body, string what = "The body")
    {
        JsonFault.RequireUtf8(body.Span, what);
        if (HasTooMany(body.Span))
        {
            throw new WireFormatException(WireFormatException.InvalidRequest, $"{what} has too many values: at most {MostContainers:N0} objects and arrays.");
        }

        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException e)
        {
            throw e.Message.Contains("uplicate", StringComparison.Ordinal)
                ? new WireFormatException(WireFormatException.InvalidRequest, $"{what} has a member twice in one object; send it once.")
                : JsonFault.Explain(body.Span, what);
        }
        catch (InvalidOperationException)
        {
            // The framework's search for duplicates can't compare a name that holds half of a surrogate pair.
            throw new WireFormatException(WireFormatException.InvalidJson, $"{what} has a member name with half of a surrogate pair, which is not text.");
        }
    }

    /// <summary>The same without exceptions, for answers of upstreams; null when it is not JSON or has too many values. Duplicates are tolerated, the last holds.</summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> body)
    {
        if (HasTooMany(body.Span))
        {
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = JsonFault.MaxDepth });
            if (JsonMemberNames.AreText(body.Span))
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text of a string element; lone surrogates become U+FFFD, where the framework's accessor would throw.</summary>
    public static string Text(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return Unescape(raw[1..^1]);
    }

    public static string Name(JsonProperty property) => Unescape(JsonMarshal.GetRawUtf8PropertyName(property));

    /// <summary>Any value as it was sent.</summary>
    public static string Raw(JsonElement element) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element));

    // Brackets inside of texts count too: a count that knows texts would cost a whole reading, and the limit is far away.
    private static bool HasTooMany(ReadOnlySpan<byte> body) => body.Length > MostContainers && body.Count((byte)'{') + body.Count((byte)'[') > MostContainers;

    private static string Unescape(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)'\\') < 0)
        {
            return Encoding.UTF8.GetString(text);
        }

        var buffer = new byte[text.Length];
        return Encoding.UTF8.GetString(buffer, 0, JsonText.Unescape(text, buffer));
    }
}
