using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>Writes generationConfig, if there is anything to say.</summary>
internal static class GeminiConfigWriter
{
    public static void Write(Utf8JsonWriter json, ModelRequest request, GeminiModelKind model)
    {
        if (IsSilent(request))
        {
            return;
        }

        json.WriteStartObject("generationConfig");
        json.WriteMember("maxOutputTokens", request.MaxTokens);
        json.WriteMember("temperature", request.Temperature);
        json.WriteMember("topP", request.TopP);
        json.WriteMember("topK", request.TopK);
        json.WriteMember("presencePenalty", request.PresencePenalty);
        json.WriteMember("frequencyPenalty", request.FrequencyPenalty);
        json.WriteMember("seed", request.Seed);
        json.WriteMember("candidateCount", (long?)request.Choices);
        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stopSequences");
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        WriteFormat(json, request.Format);
        WriteReasoning(json, request.Reasoning, model);
        json.WriteEndObject();
    }

    private static bool IsSilent(ModelRequest r) =>
        r is { MaxTokens: null, Temperature: null, TopP: null, TopK: null, PresencePenalty: null, FrequencyPenalty: null, Seed: null, Choices: null, Format: null }
        && r.Stop.Count == 0 && !HasReasoning(r.Reasoning);

    private static bool HasReasoning(ReasoningOptions? reasoning) =>
        reasoning is not null && reasoning is not { Effort: null, BudgetTokens: null, IsAdaptive: false, Summary: null, ShowThoughts: null };

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat? format)
    {
        if (format is not null)
        {
            json.WriteString("responseMimeType", format.Kind == ResponseFormatKind.Text ? "text/plain" : "application/json");
            json.WriteRawMember("responseJsonSchema", format.Schema);
        }
    }

    private static void WriteReasoning(Utf8JsonWriter json, ReasoningOptions? reasoning, GeminiModelKind model)
    {
        if (reasoning is null || !HasReasoning(reasoning))
        {
            return;
        }

        json.WriteStartObject("thinkingConfig");
        if (reasoning is { Effort: { } effort } && model.IsThird)
        {
            json.WriteString("thinkingLevel", Level(effort));
        }
        else if (reasoning.BudgetTokens is { } budget)
        {
            json.WriteNumber("thinkingBudget", model.Budget(budget));
        }
        else if (reasoning.Effort is { } word)
        {
            json.WriteNumber("thinkingBudget", model.Budget(ReasoningScale.Budget(word)));
        }
        else if (reasoning.IsAdaptive)
        {
            json.WriteNumber("thinkingBudget", -1);
        }

        // Whoever asks for a summary wants to read thoughts.
        json.WriteMember("includeThoughts", reasoning.ShowThoughts ?? (reasoning.Summary is not null ? true : null));
        json.WriteEndObject();
    }

    // The third generation can't be told not to think.
    private static string Level(string effort) => effort switch
    {
        "none" or "minimal" => "minimal",
        "low" => "low",
        "high" or "xhigh" or "max" => "high",
        _ => "medium",
    };
}
