namespace AIHigress.Wire.OpenAI;

/// <summary>
/// What the gateway needs to know of a Chat request, and where in the body the members stand that it may replace.
/// Offsets are bytes from the start of the scanned body. Nothing else of the body is kept.
/// </summary>
public sealed record ChatRequestHead
{
    /// <summary>The decoded <c>model</c>; never empty.</summary>
    public required string Model { get; init; }

    /// <summary>The JSON string token of <c>model</c>, with its quotes.</summary>
    public required ByteSpan ModelValue { get; init; }

    /// <summary>Offset just after the opening brace of the body.</summary>
    public required int ObjectStart { get; init; }

    /// <summary>True for <c>{}</c>. A scanned body always has at least its model; here for callers that build a head themselves.</summary>
    public bool ObjectIsEmpty { get; init; }

    /// <summary><c>stream</c>; null when absent or null.</summary>
    public bool? Stream { get; init; }

    /// <summary>The null literal of <c>stream</c>; null when it is absent or has a value.</summary>
    public ByteSpan? StreamNull { get; init; }

    /// <summary><c>stream_options.include_usage</c>; null when absent or null.</summary>
    public bool? IncludeUsage { get; init; }

    /// <summary>The value of <c>stream_options</c>, an object or the null literal; null when absent.</summary>
    public ByteSpan? StreamOptionsValue { get; init; }

    /// <summary>True when <c>stream_options</c> is the null literal.</summary>
    public bool StreamOptionsIsNull { get; init; }

    /// <summary>True when <c>stream_options</c> is an object without members (white space allowed).</summary>
    public bool StreamOptionsIsEmptyObject { get; init; }

    /// <summary>The value of <c>stream_options.include_usage</c>: true, false or null literal; null when absent.</summary>
    public ByteSpan? IncludeUsageValue { get; init; }

    /// <summary>Upper limit for generated tokens: <c>max_completion_tokens</c>, else <c>max_tokens</c>; null when neither is given or it is negative (some servers read −1 as "no limit").</summary>
    public long? MaxTokens { get; init; }

    /// <summary>True when <c>tools</c> or the older <c>functions</c> is a non-empty array.</summary>
    public bool HasTools { get; init; }

    /// <summary>True when a message has an image part.</summary>
    public bool HasImages { get; init; }

    /// <summary>True when a message has an audio part.</summary>
    public bool HasAudio { get; init; }

    /// <summary>True when <c>response_format.type</c> is <c>json_schema</c>.</summary>
    public bool WantsJsonSchema { get; init; }

    /// <summary>True when <c>reasoning_effort</c> or <c>reasoning</c> is present, and neither null nor <c>"none"</c>.</summary>
    public bool WantsReasoning { get; init; }

    /// <summary>What it asks of a model besides text.</summary>
    public RequestNeeds Needs =>
        RequestNeeds.Tools.If(HasTools) | RequestNeeds.Vision.If(HasImages) | RequestNeeds.Audio.If(HasAudio)
        | RequestNeeds.JsonSchema.If(WantsJsonSchema) | RequestNeeds.Reasoning.If(WantsReasoning);

    /// <summary>Number of answers asked for (<c>n</c>), at least 1.</summary>
    public int Choices { get; init; } = 1;

    /// <summary><c>prompt_cache_key</c>, decoded.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary><c>user</c>, decoded.</summary>
    public string? User { get; init; }

    /// <summary><c>metadata.user_id</c>, decoded.</summary>
    public string? MetadataUserId { get; init; }

    /// <summary>UTF-8 bytes of the texts in <c>messages</c> (contents, text parts, tool calls, reasoning; no image or audio data), for a rough prompt size.</summary>
    public long TextBytes { get; init; }

    /// <summary>Bytes of the <c>tools</c> and <c>functions</c> values as they stand, for a rough prompt size.</summary>
    public long ToolsBytes { get; init; }
}
