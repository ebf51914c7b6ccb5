using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Requests;

/// <summary>Writes a request for an upstream. What was not asked for is not written.</summary>
internal static class ChatRequestWriter
{
    public static void Write(ModelRequest request, RequestTarget target, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteString("model"u8, target.Model);
        new ChatMessageWriter(json, target).Write(request);
        if (target.Stream)
        {
            json.WriteBoolean("stream"u8, true);
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();
        }

        ChatToolWriter.Write(json, request, ChatUpstream.TakesCustomTools(target.Model));
        json.WriteMember("parallel_tool_calls", request.ParallelToolCalls);
        json.WriteMember(ChatUpstream.WantsCompletionTokens(target.Model) ? "max_completion_tokens" : "max_tokens", request.MaxTokens);
        WriteSampling(json, request);
        WriteFormat(json, request.Format);
        json.WriteMember("reasoning_effort", Effort(request.Reasoning));
        json.WriteMember("verbosity", request.Verbosity);
        json.WriteMember("n", (long?)request.Choices);
        json.WriteMember("user", request.User);
        WriteMetadata(json, request.Metadata);
        json.WriteMember("service_tier", request.ServiceTier);
        json.WriteMember("prompt_cache_key", request.PromptCacheKey);
        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteMember("temperature", request.Temperature);
        json.WriteMember("top_p", request.TopP);
        json.WriteMember("presence_penalty", request.PresencePenalty);
        json.WriteMember("frequency_penalty", request.FrequencyPenalty);
        json.WriteMember("seed", request.Seed);
        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat? format)
    {
        if (format is null)
        {
            return;
        }

        json.WriteStartObject("response_format"u8);
        switch (format.Kind)
        {
            case ResponseFormatKind.Text:
                json.WriteString("type"u8, "text"u8);
                break;
            case ResponseFormatKind.JsonObject:
                json.WriteString("type"u8, "json_object"u8);
                break;
            default:
                json.WriteString("type"u8, "json_schema"u8);
                json.WriteStartObject("json_schema"u8);
                json.WriteString("name"u8, format.Name ?? "answer");
                json.WriteMember("description", format.Description);
                json.WriteRawMember("schema", format.Schema);
                json.WriteMember("strict", format.Strict);
                json.WriteEndObject();
                break;
        }

        json.WriteEndObject();
    }

    // Thinking as much as the model likes is what it does when nobody says anything.
    private static string? Effort(ReasoningOptions? reasoning) =>
        reasoning?.Effort ?? (reasoning?.BudgetTokens is { } budget ? ReasoningScale.Effort(budget) : null);

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        if (metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject("metadata"u8);
        foreach (var (name, value) in metadata)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
