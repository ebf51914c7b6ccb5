using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Anthropic;

/// <summary>Errors in Anthropic's shape: <c>{"type":"error","error":{"type","message"},"request_id"}</c>.</summary>
internal static class MessagesError
{
    private static readonly (string Type, int Status)[] Types =
    [
        ("invalid_request_error", 400),
        ("authentication_error", 401),
        ("billing_error", 402),
        ("permission_error", 403),
        ("not_found_error", 404),
        ("conflict_error", 409),
        ("request_too_large", 413),
        ("rate_limit_error", 429),
        ("api_error", 500),
        ("timeout_error", 504),
        ("overloaded_error", 529),
    ];

    /// <summary>Finds the <c>error</c> of a body or event; null when there is none. Never throws.</summary>
    public static AnswerError? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, JsonFault.Strict);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? ReadRoot(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the error object, as a body or as the data of an event.</summary>
    public static void Write(ClientError error, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, TypeOf(error.Status));
        json.WriteString("message"u8, error.Message);
        json.WriteStartObject("details"u8);
        json.WriteString("error_code"u8, error.Code);
        json.WriteMember("param", error.Param);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteMember("request_id", error.RequestId);
        json.WriteEndObject();
    }

    /// <summary>The members of an error object; a plain text in its place is the message.</summary>
    public static AnswerError ReadError(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new AnswerError(null, reader.GetText());
        }

        string? type = null;
        string? message = null;
        string? code = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.Is("type"u8);
            var isMessage = !isType && reader.Is("message"u8);
            var isCode = !isType && !isMessage && reader.Is("code"u8);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }

            var text = isType || isMessage || isCode ? reader.GetText() : null;
            type = isType ? text : type;
            message = isMessage ? text : message;
            code = isCode ? text : code;
        }

        return new AnswerError(StatusOf(type), message) { Type = type, Code = code };
    }

    private static AnswerError? ReadRoot(ref Utf8JsonReader reader)
    {
        AnswerError? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isError = reader.Is("error"u8);
            reader.Read();
            if (isError && reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.String))
            {
                error = ReadError(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        // To the end: bytes after the object would make it no JSON.
        reader.Read();
        return error;
    }

    private static int? StatusOf(string? type) => Array.Find(Types, t => t.Type == type) is { Type: not null } known ? known.Status : null;

    private static string TypeOf(int status) => Array.Find(Types, t => t.Status == status) is { Type: not null } known ? known.Type
        : status switch
        {
            503 => "overloaded_error",
            408 => "timeout_error",
            < 500 => "invalid_request_error",
            _ => "api_error",
        };
}
