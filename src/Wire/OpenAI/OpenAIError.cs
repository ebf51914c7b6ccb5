using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>An error as an upstream told it; members it did not give are null.</summary>
/// <param name="Message">What went wrong, in the upstream's words; empty when it gave only a type or code.</param>
/// <param name="Type">OpenAI's error class, or Google's status word.</param>
/// <param name="Param">The request member at fault.</param>
/// <param name="Code">A stable code; numbers are given as text.</param>
public sealed record OpenAIErrorInfo(string Message, string? Type, string? Param, string? Code);

/// <summary>Errors in OpenAI's shape: <c>{"error":{"message","type","param","code"}}</c>.</summary>
public static class OpenAIError
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an error body.</summary>
    public static void Write(IBufferWriter<byte> output, string message, string type, string? param, string code)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, message);
        writer.WriteString("type"u8, type);
        writer.WriteString("param"u8, param);
        writer.WriteString("code"u8, code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes an error as one server-sent event. JSON escapes line ends, so it stays on one line.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, string message, string type, string? param, string code)
    {
        output.Write("data: "u8);
        Write(output, message, type, param, code);
        output.Write("\n\n"u8);
    }

    /// <summary>
    /// Finds the error in an upstream's answer: <c>{"error":{…}}</c>, <c>{"error":"text"}</c>, <c>{"message":…}</c>, <c>{"detail":…}</c>
    /// (text, or a list of objects with <c>msg</c>), each also as the first element of an array. Null when there is none; never throws.
    /// </summary>
    public static OpenAIErrorInfo? Read(ReadOnlySpan<byte> body)
    {
        var pass = new OpenAIErrorPass(body);
        try
        {
            return pass.Read();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
