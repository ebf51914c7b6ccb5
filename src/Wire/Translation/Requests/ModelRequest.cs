namespace AIHigress.Wire.Translation.Requests;

/// <summary>
/// A request in the intermediate form: what the client's protocol said, in no protocol's words. What was absent stays null or empty, so
/// that no encoder writes what nobody asked for. Members that only their own protocol knows are not here: the field table says what becomes of them.
/// </summary>
public sealed record ModelRequest
{
    /// <summary>The model as the client named it; an encoder is told the upstream's name.</summary>
    public required string Model { get; init; }

    public bool Stream { get; init; }

    /// <summary>What stands above the conversation: Anthropic's and Gemini's system field, the leading system and developer messages of Chat, the instructions of Responses.</summary>
    public IReadOnlyList<TextPart> System { get; init; } = [];

    public IReadOnlyList<Message> Messages { get; init; } = [];

    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Whether the model may call several tools at once.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>Upper limit for generated tokens, reasoning included.</summary>
    public long? MaxTokens { get; init; }

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public long? TopK { get; init; }

    public double? PresencePenalty { get; init; }

    public double? FrequencyPenalty { get; init; }

    public long? Seed { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public ResponseFormat? Format { get; init; }

    public ReasoningOptions? Reasoning { get; init; }

    /// <summary>How many answers are asked for; null when the client did not say.</summary>
    public int? Choices { get; init; }

    /// <summary>The end user's id: <c>user</c>, or Anthropic's <c>metadata.user_id</c>.</summary>
    public string? User { get; init; }

    /// <summary>Key and text pairs that the client attaches (Chat and Responses).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>OpenAI's verbosity: low, medium, high.</summary>
    public string? Verbosity { get; init; }

    public string? ServiceTier { get; init; }

    public string? PromptCacheKey { get; init; }
}

/// <summary>One turn. Tool results are parts of a user's turn, in front of what the user says.</summary>
public sealed record Message(Role Role, IReadOnlyList<Part> Parts);

/// <summary>Who speaks.</summary>
public enum Role
{
    /// <summary>An instruction in the middle of the conversation.</summary>
    System,
    User,
    Assistant,
}

/// <summary>The form the answer must have.</summary>
/// <param name="Kind">Text is the default of every protocol, said explicitly.</param>
public sealed record ResponseFormat(ResponseFormatKind Kind)
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The JSON schema as it was sent; null unless <see cref="Kind"/> is <see cref="ResponseFormatKind.JsonSchema"/>.</summary>
    public string? Schema { get; init; }

    public bool? Strict { get; init; }
}

public enum ResponseFormatKind
{
    Text,
    JsonObject,
    JsonSchema,
}

/// <summary>How much the model may think, and whether the client wants to read it.</summary>
public sealed record ReasoningOptions
{
    /// <summary>none, minimal, low, medium, high, xhigh or max; null when the client gave a budget or only switched thinking on.</summary>
    public string? Effort { get; init; }

    /// <summary>Tokens for thinking; 0 switches it off, null: not given.</summary>
    public long? BudgetTokens { get; init; }

    /// <summary>True: thinking is on and the model decides how much (Anthropic's adaptive, Gemini's −1).</summary>
    public bool IsAdaptive { get; init; }

    /// <summary>OpenAI's summary wish: auto, concise, detailed.</summary>
    public string? Summary { get; init; }

    /// <summary>Whether thoughts are to be shown (Gemini's includeThoughts, Anthropic's display); null: not said.</summary>
    public bool? ShowThoughts { get; init; }
}
