using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>Reads generationConfig.</summary>
internal static class GeminiConfigReader
{
    public static ModelRequest Apply(GeminiFields config, ModelRequest request) => request with
    {
        MaxTokens = config.Integer("maxOutputTokens"),
        Temperature = config.Number("temperature"),
        TopP = config.Number("topP"),
        TopK = config.Integer("topK"),
        PresencePenalty = config.Number("presencePenalty"),
        FrequencyPenalty = config.Number("frequencyPenalty"),
        Seed = config.Integer("seed"),
        Stop = config.Texts("stopSequences"),
        Choices = ReadChoices(config),
        Format = ReadFormat(config),
        Reasoning = config.Object("thinkingConfig") is { } thinking ? ReadReasoning(thinking) : null,
    };

    private static int? ReadChoices(GeminiFields config) => config.Integer("candidateCount") switch
    {
        null => null,
        >= 1 and <= 128 and var count => (int)count,
        _ => throw config.Bad("candidateCount", "must be between 1 and 128"),
    };

    private static ResponseFormat? ReadFormat(GeminiFields config)
    {
        var schema = config.Object("responseSchema") is { } openApi
            ? GeminiSchema.ToJsonSchema(openApi.Element)
            : GeminiToolReader.ReadJsonSchema(config, "responseJsonSchema") ?? GeminiToolReader.ReadJsonSchema(config, "_responseJsonSchema");
        return config.Text("responseMimeType") switch
        {
            "text/plain" => new ResponseFormat(ResponseFormatKind.Text),
            "application/json" when schema is null => new ResponseFormat(ResponseFormatKind.JsonObject),
            null or "application/json" when schema is not null => new ResponseFormat(ResponseFormatKind.JsonSchema) { Schema = schema },

            // Anything else (text/x.enum) is only Google's; the field table says so.
            _ => null,
        };
    }

    private static ReasoningOptions? ReadReasoning(GeminiFields thinking)
    {
        var budget = thinking.Integer("thinkingBudget");
        var effort = thinking.Text("thinkingLevel") switch
        {
            null or "THINKING_LEVEL_UNSPECIFIED" => null,
            { } level when level.ToLowerInvariant() is "minimal" or "low" or "medium" or "high" => level.ToLowerInvariant(),
            _ => throw thinking.Bad("thinkingLevel", "must be MINIMAL, LOW, MEDIUM or HIGH"),
        };
        var options = new ReasoningOptions
        {
            Effort = effort,
            BudgetTokens = budget < 0 ? null : budget,
            IsAdaptive = budget < 0,
            ShowThoughts = thinking.Flag("includeThoughts"),
        };
        return options == new ReasoningOptions() ? null : options;
    }
}
