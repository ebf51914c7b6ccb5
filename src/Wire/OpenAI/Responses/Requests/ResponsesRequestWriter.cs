using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Requests;

/// <summary>
/// Writes a request for an upstream that speaks Responses. Nothing is left with the upstream: <c>store</c> is false (its default is true),
/// and reasoning models are asked for their thoughts in a form that can be given back.
/// </summary>
internal static class ResponsesRequestWriter
{
    private static readonly string[] ReasoningModels = ["o1", "o3", "o4", "gpt-5", "codex", "computer-use"];

    public static void Write(ModelRequest request, RequestTarget target, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteString("model"u8, target.Model);
        if (request.System is [var first, ..])
        {
            json.WriteString("instructions"u8, first.Text);
        }

        ResponsesInputWriter.Write(json, request, target);
        ResponsesToolWriter.Write(json, request);
        WriteOptions(json, request);
        var thinks = WriteReasoning(json, request);
        WriteInclude(json, thinks, target);
        WriteText(json, request);
        json.WriteBoolean("store"u8, false);
        if (target.Stream)
        {
            json.WriteBoolean("stream"u8, true);
        }

        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>What an answer repeats of a request whose body is not at hand.</summary>
    public static void WriteEcho(ModelRequest request, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteMember("instructions", request.System is [var first, ..] ? first.Text : null);
        ResponsesToolWriter.Write(json, request);
        WriteOptions(json, request);
        WriteReasoning(json, request);
        WriteText(json, request);
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteOptions(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteMember("max_output_tokens", request.MaxTokens);
        json.WriteMember("temperature", request.Temperature);
        json.WriteMember("top_p", request.TopP);
        json.WriteMember("user", request.User);
        json.WriteMember("service_tier", request.ServiceTier);
        json.WriteMember("prompt_cache_key", request.PromptCacheKey);
        if (request.Metadata.Count > 0)
        {
            json.WriteStartObject("metadata"u8);
            foreach (var (key, value) in request.Metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }
    }

    private static bool WriteReasoning(Utf8JsonWriter json, ModelRequest request)
    {
        var reasoning = request.Reasoning;
        var effort = reasoning?.Effort
            ?? (reasoning?.BudgetTokens is { } budget ? ReasoningScale.Effort(budget) : reasoning?.IsAdaptive == true ? "medium" : null);
        var summary = reasoning?.Summary ?? (reasoning?.ShowThoughts == true ? "auto" : null);
        if (effort is not null || summary is not null)
        {
            json.WriteStartObject("reasoning"u8);
            json.WriteMember("effort", effort);
            json.WriteMember("summary", summary);
            json.WriteEndObject();
        }

        return effort is not null and not "none" || summary is not null;
    }

    // Models that don't think refuse the wish.
    private static void WriteInclude(Utf8JsonWriter json, bool thinks, RequestTarget target)
    {
        if (thinks || Array.Exists(ReasoningModels, m => target.Model.StartsWith(m, StringComparison.Ordinal)))
        {
            json.WriteStartArray("include"u8);
            json.WriteStringValue("reasoning.encrypted_content"u8);
            json.WriteEndArray();
        }
    }

    private static void WriteText(Utf8JsonWriter json, ModelRequest request)
    {
        if (request.Format is null && request.Verbosity is null)
        {
            return;
        }

        json.WriteStartObject("text"u8);
        if (request.Format is { } format)
        {
            WriteFormat(json, format);
        }

        json.WriteMember("verbosity", request.Verbosity);
        json.WriteEndObject();
    }

    internal static void WriteFormat(Utf8JsonWriter json, ResponseFormat format)
    {
        json.WriteStartObject("format"u8);
        json.WriteString("type"u8, format.Kind switch
        {
            ResponseFormatKind.JsonObject => "json_object"u8,
            ResponseFormatKind.JsonSchema => "json_schema"u8,
            _ => "text"u8,
        });
        if (format.Kind == ResponseFormatKind.JsonSchema)
        {
            json.WriteString("name"u8, format.Name ?? "answer");
            json.WriteMember("description", format.Description);
            json.WriteRawMember("schema", format.Schema ?? "{}");
            json.WriteMember("strict", format.Strict);
        }

        json.WriteEndObject();
    }
}
