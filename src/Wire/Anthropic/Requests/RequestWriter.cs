using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Writes a request for an upstream that speaks Messages.</summary>
internal static class RequestWriter
{
    public static void Write(ModelRequest request, RequestTarget target, IBufferWriter<byte> output)
    {
        var turns = Turns.Of(request, target);
        var thinking = ThinkingPlan.Of(request, target, turns);
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteString("model"u8, target.Model);
        json.WriteNumber("max_tokens"u8, thinking.MaxTokens);
        if (request.Messages.Count > 0)
        {
            WriteSystem(json, request.System);
        }

        WriteMessages(json, turns);
        ToolsWriter.Write(json, request);
        thinking.Write(json);
        WriteOutputConfig(json, request, thinking);
        WriteSampling(json, request, thinking);
        if (request.User is not null)
        {
            json.WriteStartObject("metadata"u8);
            json.WriteString("user_id"u8, request.User);
            json.WriteEndObject();
        }

        if (target.Stream)
        {
            json.WriteBoolean("stream"u8, true);
        }

        json.WriteEndObject();
    }

    private static void WriteSystem(Utf8JsonWriter json, IReadOnlyList<TextPart> system)
    {
        // Anthropic refuses empty texts.
        var texts = system.Where(t => t.Text.Length > 0).ToArray();
        if (texts is [{ Cache: null } only])
        {
            json.WriteString("system"u8, only.Text);
        }
        else if (texts.Length > 0)
        {
            json.WriteStartArray("system"u8);
            foreach (var text in texts)
            {
                BlockWriter.WriteText(json, text.Text, text.Cache);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<Turn> turns)
    {
        json.WriteStartArray("messages"u8);
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, turn.IsAssistant ? "assistant"u8 : "user"u8);
            if (turn.Parts is [TextPart { Cache: null } only])
            {
                json.WriteString("content"u8, only.Text);
            }
            else
            {
                json.WriteStartArray("content"u8);
                foreach (var part in turn.Parts)
                {
                    BlockWriter.Write(json, part);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOutputConfig(Utf8JsonWriter json, ModelRequest request, ThinkingPlan thinking)
    {
        var schema = request.Format is { Kind: ResponseFormatKind.JsonSchema } format ? format.Schema : null;
        if (schema is null && thinking.Effort is null)
        {
            return;
        }

        json.WriteStartObject("output_config"u8);
        json.WriteMember("effort", thinking.Effort);
        if (schema is not null)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteRawMember("schema", schema);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, ModelRequest request, ThinkingPlan thinking)
    {
        // With thinking on, Anthropic refuses these.
        if (!thinking.IsOn)
        {
            json.WriteMember("temperature", request.Temperature is { } temperature ? Math.Clamp(temperature, 0, 1) : null);
            json.WriteMember("top_k", request.TopK);
        }

        if (!thinking.IsOn || request.TopP is >= 0.95)
        {
            json.WriteMember("top_p", request.TopP);
        }

        // Sequences of white space are refused.
        var stop = request.Stop.Where(s => !string.IsNullOrWhiteSpace(s)).ToArray();
        if (stop.Length > 0)
        {
            json.WriteStartArray("stop_sequences"u8);
            foreach (var sequence in stop)
            {
                json.WriteStringValue(sequence);
            }

            json.WriteEndArray();
        }
    }
}
