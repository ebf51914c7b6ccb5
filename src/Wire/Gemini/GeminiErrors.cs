using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Gemini;

/// <summary>Google's errors: <c>{"error":{"code":429,"message":"…","status":"RESOURCE_EXHAUSTED","details":[…]}}</c>. https://google.aip.dev/193</summary>
internal static class GeminiErrors
{
    private static readonly (int Status, string Word)[] Words =
    [
        (400, "INVALID_ARGUMENT"), (400, "FAILED_PRECONDITION"), (400, "OUT_OF_RANGE"), (401, "UNAUTHENTICATED"), (403, "PERMISSION_DENIED"),
        (404, "NOT_FOUND"), (409, "ABORTED"), (409, "ALREADY_EXISTS"), (429, "RESOURCE_EXHAUSTED"), (499, "CANCELLED"),
        (500, "INTERNAL"), (500, "UNKNOWN"), (500, "DATA_LOSS"), (501, "UNIMPLEMENTED"), (503, "UNAVAILABLE"), (504, "DEADLINE_EXCEEDED"),
    ];

    /// <summary>Null when there is no error. A stream that never began is answered by a list of one error.</summary>
    public static AnswerError? Read(ReadOnlySpan<byte> body)
    {
        using var document = JsonTree.TryParse(body.ToArray());
        var root = document?.RootElement ?? default;
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0)
        {
            root = root[0];
        }

        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var error) ? ReadObject(error) : null;
    }

    /// <summary>Writes the whole object.</summary>
    public static void Write(Utf8JsonWriter json, ClientError error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", error.Status);
        json.WriteString("message", error.Message);
        json.WriteString("status", WordOf(error.Status));
        json.WriteStartArray("details");
        json.WriteStartObject();
        json.WriteString("@type", "type.googleapis.com/google.rpc.ErrorInfo");
        json.WriteString("reason", error.Code);
        json.WriteStartObject("metadata");
        json.WriteMember("param", error.Param);
        json.WriteMember("request_id", error.RequestId);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void Write(ClientError error, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        Write(json, error);
    }

    private static AnswerError? ReadObject(JsonElement error)
    {
        if (error.ValueKind == JsonValueKind.String)
        {
            return new AnswerError(null, JsonTree.Text(error));
        }

        if (error.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var word = TextOf(error, "status");
        var (reason, field) = ReadDetails(error);
        return new AnswerError(StatusOf(error, word), TextOf(error, "message")) { Type = word, Code = reason, Param = field };
    }

    private static int? StatusOf(JsonElement error, string? word)
    {
        if (error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var status) && status is >= 400 and < 600)
        {
            return status;
        }

        return Array.Find(Words, w => w.Word == word) is { Status: > 0 and var known } ? known : null;
    }

    // google.rpc.ErrorInfo names a reason, google.rpc.BadRequest the field.
    private static (string? Reason, string? Field) ReadDetails(JsonElement error)
    {
        string? reason = null;
        string? field = null;
        if (!error.TryGetProperty("details", out var details) || details.ValueKind != JsonValueKind.Array)
        {
            return default;
        }

        foreach (var detail in details.EnumerateArray().Where(d => d.ValueKind == JsonValueKind.Object))
        {
            reason ??= TextOf(detail, "reason");
            if (detail.TryGetProperty("fieldViolations", out var violations) && violations.ValueKind == JsonValueKind.Array && violations.GetArrayLength() > 0)
            {
                field ??= violations[0].ValueKind == JsonValueKind.Object ? TextOf(violations[0], "field") : null;
            }
        }

        return (reason, field);
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? JsonTree.Text(value) : null;

    private static string WordOf(int status) => status switch
    {
        413 or 415 or 422 => "INVALID_ARGUMENT",
        402 => "FAILED_PRECONDITION",
        408 => "DEADLINE_EXCEEDED",
        502 or 529 => "UNAVAILABLE",
        _ => Array.Find(Words, w => w.Status == status).Word ?? (status < 500 ? "FAILED_PRECONDITION" : "INTERNAL"),
    };
}
