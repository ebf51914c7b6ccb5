using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire;

/// <summary>Reads what the options of a Responses, Messages or Gemini request ask of a model. What has another form than its protocol's passes unread.</summary>
internal static class OptionScan
{
    /// <summary>True when a member of this name is an option that <see cref="Read"/> reads.</summary>
    public static bool IsOption(ref JsonBodyReader reader) => reader.ValueSpan.Length switch
    {
        4 => reader.Is("text"u8),
        8 => reader.Is("thinking"u8),
        9 => reader.Is("reasoning"u8),
        13 => reader.Is("output_config"u8) || reader.Is("output_format"u8),
        16 => reader.Is("generationConfig"u8),
        17 => reader.Is("generation_config"u8),
        _ => false,
    };

    /// <summary>From the name of an option: reads its value.</summary>
    public static RequestNeeds Read(ref JsonBodyReader reader)
    {
        var isThinking = reader.Is("thinking"u8);
        var isFormat = reader.Is("output_format"u8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return RequestNeeds.None;
        }

        return isFormat ? ReadFormat(ref reader) : isThinking ? ReadThinking(ref reader) : ReadMembers(ref reader);
    }

    private static RequestNeeds ReadMembers(ref JsonBodyReader reader)
    {
        var needs = RequestNeeds.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFormat = reader.Is("format"u8);
            var isEffort = reader.Is("effort"u8);
            var isThinking = reader.Is("thinkingConfig"u8) || reader.Is("thinking_config"u8);
            var isSchema = reader.Is("responseSchema"u8) || reader.Is("responseJsonSchema"u8) || reader.Is("_responseJsonSchema"u8) || reader.Is("response_schema"u8)
                || reader.Is("response_json_schema"u8);
            reader.Read();
            if (isFormat && reader.TokenType == JsonTokenType.StartObject)
            {
                needs |= ReadFormat(ref reader);
            }
            else if (isThinking && reader.TokenType == JsonTokenType.StartObject)
            {
                needs |= ReadBudget(ref reader);
            }
            else
            {
                needs |= isEffort && reader.TokenType == JsonTokenType.String && !reader.Is("none"u8) ? RequestNeeds.Reasoning : RequestNeeds.None;
                needs |= isSchema && reader.TokenType != JsonTokenType.Null ? RequestNeeds.JsonSchema : RequestNeeds.None;
                reader.Skip();
            }
        }

        return needs;
    }

    private static RequestNeeds ReadFormat(ref JsonBodyReader reader) =>
        ReadType(ref reader, "json_schema"u8, default) ? RequestNeeds.JsonSchema : RequestNeeds.None;

    private static RequestNeeds ReadThinking(ref JsonBodyReader reader) =>
        ReadType(ref reader, "enabled"u8, "adaptive"u8) ? RequestNeeds.Reasoning : RequestNeeds.None;

    private static bool ReadType(ref JsonBodyReader reader, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var found = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.Is("type"u8);
            reader.Read();
            found |= isType && reader.TokenType == JsonTokenType.String && (reader.Is(one) || (!other.IsEmpty && reader.Is(other)));
            reader.Skip();
        }

        return found;
    }

    // Google's: a budget of 0 tokens switches thinking off.
    private static RequestNeeds ReadBudget(ref JsonBodyReader reader)
    {
        var needs = RequestNeeds.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBudget = reader.Is("thinkingBudget"u8) || reader.Is("thinking_budget"u8);
            var isLevel = reader.Is("thinkingLevel"u8) || reader.Is("thinking_level"u8);
            reader.Read();
            var thinks = (isBudget && reader.TryGetInteger(out var budget) && budget != 0)
                || (isLevel && reader.TokenType == JsonTokenType.String && !reader.Is("THINKING_LEVEL_UNSPECIFIED"u8));
            needs |= thinks ? RequestNeeds.Reasoning : RequestNeeds.None;
            reader.Skip();
        }

        return needs;
    }
}
