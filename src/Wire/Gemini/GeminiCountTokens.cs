using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Gemini.Requests;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini;

/// <summary><c>POST …:countTokens</c>. https://ai.google.dev/api/tokens</summary>
public static class GeminiCountTokens
{
    /// <summary>
    /// Reads a request to count: <c>{"contents":[…]}</c> or <c>{"generateContentRequest":{…}}</c>. Throws <see cref="WireFormatException"/>.
    /// </summary>
    public static ModelRequest ReadRequest(ReadOnlyMemory<byte> body)
    {
        using var document = JsonTree.Parse(body);
        var root = new GeminiFields(document.RootElement, "");
        var whole = root.Object("generateContentRequest");
        return whole is not null && root.Has("contents")
            ? throw root.Bad("contents", "stands beside 'generateContentRequest'; send one of them")
            : GeminiRequestReader.Read(whole ?? root);
    }

    /// <summary>The number an upstream counted; null when the body is no such answer.</summary>
    public static long? ReadAnswer(ReadOnlyMemory<byte> body)
    {
        using var document = JsonTree.TryParse(body);
        return document?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("totalTokens", out var total)
            && total.ValueKind == JsonValueKind.Number && total.TryGetInt64(out var count) && count >= 0 ? count : null;
    }

    /// <summary>The total alone: a count from elsewhere does not say which tokens are text and which are pictures.</summary>
    public static void WriteAnswer(long totalTokens, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteNumber("totalTokens", totalTokens);
        json.WriteEndObject();
    }
}
