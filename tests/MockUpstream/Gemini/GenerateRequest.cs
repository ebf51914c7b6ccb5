using System.Text.Json;
using AIHigress.MockUpstream.Answering;

namespace AIHigress.MockUpstream.Gemini;

/// <summary>A generateContent request that Google would accept. Names may be in camel or in snake case, as there.</summary>
internal static class GenerateRequest
{
    private static readonly ProtoNames Top = new(
        "contents", "tools", "toolConfig", "safetySettings", "systemInstruction", "generationConfig", "cachedContent", "model", "labels", "serviceTier", "store");

    private static readonly ProtoNames Config = new(
        "temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema",
        "presencePenalty", "frequencyPenalty", "seed", "responseLogprobs", "logprobs", "enableEnhancedCivicAnswers", "speechConfig", "thinkingConfig",
        "mediaResolution", "responseModalities", "imageConfig");

    /// <exception cref="RequestRefusedException">Something is missing or wrong.</exception>
    public static Question Read(JsonElement body)
    {
        Top.Check(body, "");
        var contents = body.List("contents");
        ContentsCheck.Check(contents);
        var config = body.Either("generationConfig") ?? default;
        if (config.ValueKind == JsonValueKind.Object)
        {
            Config.Check(config, "generation_config");
        }

        if (body.Either("systemInstruction") is { } system && (system.ValueKind != JsonValueKind.Object || system.List("parts").Count == 0))
        {
            throw new RequestRefusedException(400, "Invalid value at 'system_instruction': a content with parts is expected.");
        }

        return new Question
        {
            Tools = [.. ToolsCheck.Names(body).Select(name => new OfferedTool(name))],
            EndsWithToolResult = HasResponse(contents[^1]),
            HasToolResult = contents.Any(HasResponse),
            MaxTokens = config.Number("maxOutputTokens") ?? config.Number("max_output_tokens"),
            StopSequences = [.. config.Texts("stopSequences"), .. config.Texts("stop_sequences")],
            PromptTokens = Incoming.Tokens(body.GetProperty("contents")),
        };
    }

    private static bool HasResponse(JsonElement content) => content.List("parts").Any(part => part.Either("functionResponse") is not null);
}
