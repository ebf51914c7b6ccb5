using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Writes the content blocks of requests.</summary>
internal static class BlockWriter
{
    public static void Write(Utf8JsonWriter json, Part part)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(json, text.Text, text.Cache);
                break;
            case RefusalPart refusal:
                WriteText(json, refusal.Text, refusal.Cache);
                break;
            case ReasoningPart thoughts:
                WriteThinking(json, thoughts);
                break;
            case ToolCallPart call:
                WriteCall(json, call);
                break;
            case ToolResultPart result:
                WriteResult(json, result);
                break;
            case ImagePart image:
                MediaWriter.WriteImage(json, image.Source, image.Cache);
                break;
            case FilePart file:
                MediaWriter.WriteFile(json, file);
                break;
            default:
                break;
        }
    }

    public static void WriteText(Utf8JsonWriter json, string text, CacheHint? cache)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        WriteCache(json, cache);
        json.WriteEndObject();
    }

    public static void WriteCache(Utf8JsonWriter json, CacheHint? cache)
    {
        if (cache is not null)
        {
            json.WriteStartObject("cache_control"u8);
            json.WriteString("type"u8, "ephemeral"u8);
            json.WriteMember("ttl", cache.Ttl);
            json.WriteEndObject();
        }
    }

    private static void WriteThinking(Utf8JsonWriter json, ReasoningPart thoughts)
    {
        json.WriteStartObject();
        if (thoughts.IsRedacted)
        {
            json.WriteString("type"u8, "redacted_thinking"u8);
            json.WriteString("data"u8, thoughts.Seal!.Value);
        }
        else
        {
            json.WriteString("type"u8, "thinking"u8);
            json.WriteString("thinking"u8, thoughts.Text);
            json.WriteString("signature"u8, thoughts.Seal!.Value);
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCallPart call)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_use"u8);
        json.WriteString("id"u8, MessagesIds.ForUpstream(call.Id));
        json.WriteString("name"u8, call.Name);
        ToolInput.Write(json, call);
        WriteCache(json, call.Cache);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, ToolResultPart result)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_result"u8);
        json.WriteString("tool_use_id"u8, MessagesIds.ForUpstream(result.CallId));
        var content = result.Content.Where(p => p is ImagePart or FilePart or TextPart { Text.Length: > 0 }).ToArray();
        if (content is [TextPart { Cache: null } only])
        {
            json.WriteString("content"u8, only.Text);
        }
        else if (content.Length > 0)
        {
            json.WriteStartArray("content"u8);
            foreach (var part in content)
            {
                Write(json, part);
            }

            json.WriteEndArray();
        }

        if (result.IsError)
        {
            json.WriteBoolean("is_error"u8, true);
        }

        WriteCache(json, result.Cache);
        json.WriteEndObject();
    }
}
