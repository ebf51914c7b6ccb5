using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Answering;

/// <summary>Reads requests whose protocol needs no haste.</summary>
internal static class Incoming
{
    private const int BytesPerToken = 4;

    /// <summary>The body; the connection is free of it.</summary>
    /// <exception cref="RequestRefusedException">It is no JSON object.</exception>
    public static JsonElement Parse(Exchange exchange)
    {
        var body = exchange.Body.ToArray();
        exchange.ReleaseBody();
        try
        {
            var root = JsonElement.Parse(body);
            return root.ValueKind == JsonValueKind.Object ? root : throw new RequestRefusedException(400, "The body is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new RequestRefusedException(new MockError(400, $"The body is not valid JSON: {e.Message}") { Code = "invalid_json" });
        }
    }

    /// <summary>A quarter of the bytes of what is asked, at least one.</summary>
    public static int Tokens(JsonElement asked) => Math.Max(1, JsonMarshal.GetRawUtf8Value(asked).Length / BytesPerToken);

    /// <summary>The member, unless it is missing or null.</summary>
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static bool Flag(this JsonElement element, string name) => element.Get(name) is { ValueKind: JsonValueKind.True };

    public static int? Number(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    /// <summary>The elements of an array member; none if it is anything else.</summary>
    public static IReadOnlyList<JsonElement> List(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    public static IReadOnlyList<string> Texts(this JsonElement element, string name) =>
        [.. element.List(name).Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)];

    /// <summary>Whether the model may be asked at all.</summary>
    public static bool Knows(this MockState mock, string model) =>
        !mock.Options.StrictModels || mock.Options.Models.Contains(model) || ModelName.IsScript(model);
}
