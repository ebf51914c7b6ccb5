using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>
/// Reads the head of a Chat request in one pass and refuses what another parser might read differently: invalid UTF-8, a byte order mark,
/// a scanned member given twice (also in other letter case or escaped), a scanned member of the wrong type. Members it does not know pass unread.
/// </summary>
public static class ChatRequestScanner
{
    /// <summary>Deepest nesting that is read; deeper is <c>invalid_json</c>.</summary>
    public const int MaxDepth = JsonFault.MaxDepth;

    /// <summary>Scans a whole body. Throws <see cref="WireFormatException"/> with code <c>invalid_json</c> or <c>invalid_request</c>, nothing else.</summary>
    public static ChatRequestHead Scan(ReadOnlySpan<byte> body)
    {
        JsonFault.RequireUtf8(body, "The body");
        try
        {
            return new ChatRequestPass(body).Read();
        }
        catch (JsonException)
        {
            throw JsonFault.Explain(body, "The body");
        }
    }
}
