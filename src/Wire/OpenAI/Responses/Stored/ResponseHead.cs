using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;

namespace AIHigress.Wire.OpenAI.Responses.Stored;

/// <summary>What a response object says of itself.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">completed, incomplete, failed …</param>
public sealed record ResponseHead(string Id, string Status)
{
    // Ids become part of addresses and keys; what is longer or of other characters is no id.
    private const int LongestId = 256;

    /// <summary>Null when the body is no response, or its id is none to store under.</summary>
    public static ResponseHead? Read(ReadOnlyMemory<byte> response)
    {
        using var document = JsonTree.TryParse(response);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object
            || OutputItemReader.Text(document.RootElement, "id") is not { } id || !IsId(id))
        {
            return null;
        }

        return new ResponseHead(id, OutputItemReader.Text(document.RootElement, "status") ?? "completed");
    }

    public static bool IsId(string id) => id.Length is > 0 and <= LongestId && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>The error of a body in OpenAI's shape: raw JSON with code and message.</summary>
    public static string ErrorOf(ReadOnlyMemory<byte> body)
    {
        using var document = JsonTree.TryParse(body);
        var error = document is not null && document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.TryGetProperty("error", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : document.RootElement
            : default;
        return error.ValueKind == JsonValueKind.Object
            ? Error(OutputItemReader.Text(error, "code") ?? "server_error", OutputItemReader.Text(error, "message") ?? "The response failed.")
            : Error("server_error", "The response failed.");
    }

    public static string Error(string code, string message)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = JsonOut.NewWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("code"u8, code);
            json.WriteString("message"u8, message);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
