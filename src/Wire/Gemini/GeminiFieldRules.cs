using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.Gemini;

/// <summary>
/// Every field of a generateContent request and what becomes of it elsewhere. Names with underscores are the same fields.
/// https://ai.google.dev/api/generate-content, and https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference for Vertex AI's own.
/// </summary>
internal static class GeminiFieldRules
{
    public static readonly IReadOnlyList<FieldRule> All =
    [
        .. Conversation(),
        .. Media("contents[].parts[]"),
        .. ResultMedia("contents[].parts[].functionResponse.parts[]"),
        .. Tools(),
        .. Sampling(),
        .. Output(),
        .. Surroundings(),
    ];

    private static IEnumerable<FieldRule> Conversation() =>
    [
        new("systemInstruction.parts[].text", Carried, Carried, Carried, Carried) { Note = "The system message, instructions, or system field." },
        new("systemInstruction.role", Dropped, Dropped, Dropped, Carried) { Neutral = ["\"user\"", "\"system\"", "\"model\"", "\"\""], Note = "Has no meaning." },
        new("contents[].role", Carried, Carried, Carried, Carried) { Note = "model becomes assistant, function becomes user." },
        new("contents[].parts[].text", Carried, Carried, Carried, Carried),
        new("contents[].parts[].thought", Dropped, Dropped, Dropped, Carried) { Neutral = ["false"], Note = "Thoughts go back only to the upstream that signed them." },
        new("contents[].parts[].thoughtSignature", Dropped, Dropped, Dropped, Carried) { Neutral = ["\"\""], Note = "Goes back only to the upstream that made it." },
        new("contents[].parts[].functionCall.id", Carried, Carried, Carried, Carried) { Note = "Calls without one get call_0, call_1 and so on." },
        new("contents[].parts[].functionCall.name", Carried, Carried, Carried, Carried),
        new("contents[].parts[].functionCall.args", Carried, Carried, Carried, Carried),
        new("contents[].parts[].functionCall.partialArgs", Refused, Refused, Refused, Carried) { Neutral = ["[]"], Note = "A call in pieces can't be put together." },
        new("contents[].parts[].functionCall.willContinue", Refused, Refused, Refused, Carried) { Neutral = ["false"] },
        new("contents[].parts[].functionResponse.id", Carried, Carried, Carried, Carried) { Note = "Without one, the first call of the name that has no response yet is meant." },
        new("contents[].parts[].functionResponse.name", Carried, Carried, Carried, Carried) { Note = "The name of the call that is answered." },
        new("contents[].parts[].functionResponse.response", Carried, Carried, Carried, Carried)
        {
            Note = "As JSON text; {\"result\": text} and {\"output\": text} as the text alone, {\"error\": …} as an error.",
        },
        new("contents[].parts[].functionResponse.willContinue", Refused, Refused, Refused, Carried) { Neutral = ["false"], Note = "Only Gemini's calls have several responses." },
        new("contents[].parts[].functionResponse.scheduling", Dropped, Dropped, Dropped, Carried),
        Elsewhere("contents[].parts[].executableCode"),
        Elsewhere("contents[].parts[].codeExecutionResult"),
        Elsewhere("contents[].parts[].toolCall"),
        Elsewhere("contents[].parts[].toolResponse"),
        Elsewhere("contents[].parts[].audioTranscription"),
        new("contents[].parts[*]", Refused, Refused, Refused, Carried) { When = GeminiConditions.HasUnknownPart, Note = "An unknown kind of part." },
        Hint("contents[].parts[].videoMetadata"),
        Hint("contents[].parts[].mediaResolution"),
        Hint("contents[].parts[].mediaProcessing"),
        Hint("contents[].parts[].speechMetadata"),
        Hint("contents[].parts[].partMetadata"),
    ];

    private static IEnumerable<FieldRule> Media(string part) =>
    [
        new($"{part}.inlineData[image]", Carried, Carried, Carried, Carried) { Note = "As a data URL or base64." },
        new($"{part}.inlineData[audio]", Carried, Refused, Refused, Carried) { Note = "Chat takes WAV and MP3." },
        new($"{part}.inlineData[video]", Refused, Refused, Refused, Carried),
        new($"{part}.inlineData[pdf]", Carried, Carried, Carried, Carried),
        new($"{part}.inlineData[text]", Carried, Carried, Carried, Carried) { Note = "A text document." },
        new($"{part}.inlineData[*]", Refused, Carried, Refused, Carried) { Note = "Other documents: Responses takes some of them." },
        new($"{part}.fileData[image]", Carried, Carried, Carried, Carried) { Note = "As its URL." },
        new($"{part}.fileData[audio]", Refused, Refused, Refused, Carried),
        new($"{part}.fileData[video]", Refused, Refused, Refused, Carried),
        new($"{part}.fileData[pdf]", Refused, Carried, Carried, Carried) { Note = "As its URL." },
        new($"{part}.fileData[text]", Refused, Carried, Refused, Carried) { Note = "As its URL." },
        new($"{part}.fileData[*]", Refused, Refused, Refused, Carried) { Note = "The media type must be named." },
        new($"{part}.fileData[stored]", Refused, Refused, Refused, Carried)
        {
            When = GeminiConditions.HasStoredFile,
            Note = "Files of Google's file service and buckets: only Google can open them.",
        },
    ];

    private static IEnumerable<FieldRule> ResultMedia(string part) =>
    [
        new($"{part}.inlineData[image]", Carried, Carried, Carried, Carried) { Note = "Chat: moved into a user message behind the results." },
        new($"{part}.inlineData[pdf]", Refused, Carried, Carried, Carried),
        new($"{part}.inlineData[*]", Refused, Refused, Refused, Carried),
        new($"{part}.fileData[image]", Carried, Carried, Carried, Carried) { Note = "Chat: moved into a user message behind the results." },
        new($"{part}.fileData[pdf]", Refused, Carried, Carried, Carried),
        new($"{part}.fileData[*]", Refused, Refused, Refused, Carried),
        Hint($"{part}.mediaProcessing"),
    ];

    private static IEnumerable<FieldRule> Tools() =>
    [
        new("tools[].functionDeclarations[].name", Carried, Carried, Carried, Carried),
        new("tools[].functionDeclarations[].description", Carried, Carried, Carried, Carried),
        new("tools[].functionDeclarations[].parameters", Carried, Carried, Carried, Carried) { Note = "As a JSON schema: types in lower case, nullable as a second type, propertyOrdering left out." },
        new("tools[].functionDeclarations[].parametersJsonSchema", Carried, Carried, Carried, Carried),
        Hint("tools[].functionDeclarations[].response"),
        Hint("tools[].functionDeclarations[].responseJsonSchema"),
        Hint("tools[].functionDeclarations[].behavior") with { Neutral = ["\"BLOCKING\"", "\"UNSPECIFIED\""] },
        Offer("tools[].googleSearch"),
        Offer("tools[].googleSearchRetrieval"),
        Offer("tools[].codeExecution"),
        Offer("tools[].urlContext"),
        Offer("tools[].googleMaps"),
        Offer("tools[].enterpriseWebSearch"),
        Offer("tools[].computerUse"),
        Offer("tools[].fileSearch"),
        Offer("tools[].retrieval"),
        Offer("tools[].mcpServers"),
        Offer("tools[].exaAiSearch"),
        Offer("tools[].parallelAiSearch"),
        new("toolConfig.functionCallingConfig.mode", Carried, Carried, Carried, Carried) { Neutral = ["\"MODE_UNSPECIFIED\""], Note = "ANY is required, VALIDATED is auto." },
        new("toolConfig.functionCallingConfig.allowedFunctionNames", Carried, Carried, Carried, Carried) { Neutral = ["[]"], Note = "With ANY, a single name is the tool that must be called." },
        new("toolConfig.functionCallingConfig.allowedFunctionNames[]", Carried, Carried, Refused, Carried)
        {
            When = GeminiConditions.AllowsSomeTools,
            Note = "A choice of tools, not the one that must be called.",
        },
        Hint("toolConfig.functionCallingConfig.streamFunctionCallArguments") with { Neutral = ["false"] },
        Hint("toolConfig.retrievalConfig"),
        Hint("toolConfig.includeServerSideToolInvocations") with { Neutral = ["false"] },
    ];

    private static IEnumerable<FieldRule> Sampling() =>
    [
        new("generationConfig.maxOutputTokens", Carried, Carried, Carried, Carried),
        new("generationConfig.temperature", Carried, Carried, Carried, Carried) { Note = "Messages: at most 1." },
        new("generationConfig.topP", Carried, Carried, Carried, Carried),
        new("generationConfig.topK", Dropped, Dropped, Carried, Carried),
        new("generationConfig.seed", Carried, Dropped, Dropped, Carried),
        new("generationConfig.presencePenalty", Carried, Dropped, Dropped, Carried),
        new("generationConfig.frequencyPenalty", Carried, Dropped, Dropped, Carried),
        new("generationConfig.stopSequences", Carried, Dropped, Carried, Carried) { Neutral = ["[]"] },
        new("generationConfig.candidateCount", Carried, Refused, Refused, Carried) { Neutral = ["1"] },
        new("generationConfig.thinkingConfig.thinkingBudget", Carried, Carried, Carried, Carried) { Note = "Chat and Responses: the effort nearest above it; −1 leaves it to the model." },
        new("generationConfig.thinkingConfig.thinkingLevel", Carried, Carried, Carried, Carried) { Neutral = ["\"THINKING_LEVEL_UNSPECIFIED\""], Note = "The effort of the same name." },
        new("generationConfig.thinkingConfig.includeThoughts", Dropped, Carried, Carried, Carried) { Neutral = ["false"], Note = "Responses: a summary is asked for." },
        Hint("generationConfig.responseLogprobs") with { Neutral = ["false"] },
        Hint("generationConfig.logprobs"),
    ];

    private static IEnumerable<FieldRule> Output() =>
    [
        new("generationConfig.responseMimeType", Carried, Carried, Carried, Carried) { Neutral = ["\"text/plain\"", "\"\""], Note = "application/json with a schema." },
        new("generationConfig.responseMimeType[json]", Carried, Carried, Refused, Carried) { When = GeminiConditions.WantsAnyJson, Note = "application/json without a schema." },
        new("generationConfig.responseMimeType[*]", Refused, Refused, Refused, Carried) { When = GeminiConditions.WantsOtherType, Note = "text/x.enum and whatever else there may be." },
        new("generationConfig.responseSchema", Carried, Carried, Carried, Carried) { Note = "As a JSON schema, like the parameters of tools." },
        new("generationConfig.responseJsonSchema", Carried, Carried, Carried, Carried),
        new("generationConfig._responseJsonSchema", Carried, Carried, Carried, Carried) { Note = "The same under its name of old." },
        new("generationConfig.responseFormat", Refused, Refused, Refused, Carried) { Neutral = ["[]"], Note = "Use responseMimeType and responseJsonSchema." },
        new("generationConfig.responseModalities", Refused, Refused, Refused, Carried) { Neutral = ["[]", "[\"TEXT\"]", "[\"text\"]", "[\"Text\"]"], Note = "Only text can be answered elsewhere." },
        new("generationConfig.translationConfig", Refused, Refused, Refused, Carried),
        Hint("generationConfig.speechConfig"),
        Hint("generationConfig.imageConfig"),
        Hint("generationConfig.mediaResolution"),
        Hint("generationConfig.audioTimestamp") with { Neutral = ["false"] },
        Hint("generationConfig.audioTranscriptionConfig"),
        Hint("generationConfig.enableAffectiveDialog") with { Neutral = ["false"] },
        Hint("generationConfig.enableEnhancedCivicAnswers") with { Neutral = ["false"] },
        Hint("generationConfig.routingConfig"),
        Hint("generationConfig.modelConfig"),
        Hint("generationConfig.modelSelectionConfig"),
    ];

    private static IEnumerable<FieldRule> Surroundings() =>
    [
        new("model", Carried, Carried, Carried, Carried) { Note = "The model of the address is meant, whatever stands here." },
        new("cachedContent", Refused, Refused, Refused, Carried) { Note = "The cached part of the conversation lies at Google." },
        Hint("safetySettings") with { Neutral = ["[]"], Note = "Others have no filters to set." },
        Hint("labels") with { Neutral = ["{}"] },
        Hint("serviceTier") with { Neutral = ["\"unspecified\""] },
        Hint("store"),
        Hint("modelArmorConfig"),
    ];

    private static FieldRule Hint(string path) => new(path, Dropped, Dropped, Dropped, Carried);

    private static FieldRule Offer(string path) => Hint(path) with { Note = "Runs at Google; an offer, not a demand." };

    private static FieldRule Elsewhere(string path) => new(path, Refused, Refused, Refused, Carried) { Note = "The trace of a tool that ran at Google." };
}
