namespace AIHigress.Wire;

/// <summary>
/// What the gateway must know of a Responses, Messages or Gemini request before it is routed, and where its model stands.
/// Offsets are bytes from the start of the scanned body. Nothing else of the body is kept.
/// </summary>
public sealed record BodyHead
{
    /// <summary>The decoded <c>model</c>; null when absent (Gemini names it in the path).</summary>
    public string? Model { get; init; }

    /// <summary>The JSON string token of <c>model</c>, with its quotes.</summary>
    public ByteSpan? ModelValue { get; init; }

    /// <summary><c>stream</c>; null when absent or null.</summary>
    public bool? Stream { get; init; }

    /// <summary><c>store</c>; null when absent or null.</summary>
    public bool? Store { get; init; }

    /// <summary><c>background</c>; null when absent or null.</summary>
    public bool? Background { get; init; }

    /// <summary><c>previous_response_id</c>; null when absent or null.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>Upper limit for generated tokens, whatever its protocol calls it at the top level; null when absent.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>What it asks of a model besides text.</summary>
    public RequestNeeds Needs { get; init; }

    /// <summary>Bytes of the body without embedded files, for a rough prompt size.</summary>
    public long TextBytes { get; init; }

    /// <summary><c>prompt_cache_key</c>, decoded; null when absent or null.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary><c>metadata.user_id</c>, decoded; null when absent or null.</summary>
    public string? MetadataUserId { get; init; }
}
