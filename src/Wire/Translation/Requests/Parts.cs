namespace AIHigress.Wire.Translation.Requests;

/// <summary>A piece of a message.</summary>
public abstract record Part
{
    /// <summary>A prompt cache may end here.</summary>
    public CacheHint? Cache { get; init; }
}

/// <summary>Text. Texts are decoded; a lone surrogate has become U+FFFD.</summary>
public sealed record TextPart(string Text) : Part;

/// <summary>An image.</summary>
public sealed record ImagePart(MediaSource Source) : Part
{
    /// <summary>OpenAI's detail: auto, low, high.</summary>
    public string? Detail { get; init; }
}

/// <summary>Sound.</summary>
public sealed record AudioPart(MediaSource Source) : Part;

/// <summary>A moving picture.</summary>
public sealed record VideoPart(MediaSource Source) : Part;

/// <summary>A document: PDF, text or whatever the media type says.</summary>
public sealed record FilePart(MediaSource Source) : Part
{
    public string? FileName { get; init; }
}

/// <summary>A call the model made. <see cref="Arguments"/> is the JSON object as text, or free text for a custom tool.</summary>
public sealed record ToolCallPart(string Id, string Name, string Arguments) : Part
{
    /// <summary>The call goes to a <see cref="CustomTool"/>.</summary>
    public bool IsCustom { get; init; }

    /// <summary>What its maker must get back with the call (Gemini's thoughtSignature).</summary>
    public Seal? Seal { get; init; }
}

/// <summary>What a tool answered: text, images, files.</summary>
public sealed record ToolResultPart(string CallId, IReadOnlyList<Part> Content) : Part
{
    /// <summary>The tool's name, where the protocol repeats it.</summary>
    public string? Name { get; init; }

    public bool IsError { get; init; }

    /// <summary>The call went to a <see cref="CustomTool"/>.</summary>
    public bool IsCustom { get; init; }
}

/// <summary>What the model thought. Empty text with a seal: thoughts that only their maker can read.</summary>
public sealed record ReasoningPart(string Text) : Part
{
    /// <summary>The maker's signature of the text, or the encrypted thoughts themselves.</summary>
    public Seal? Seal { get; init; }

    /// <summary>The thoughts are encrypted as a whole (Anthropic's redacted_thinking); <see cref="Text"/> is empty.</summary>
    public bool IsRedacted { get; init; }

    /// <summary>The item's id, where the protocol has one (Responses).</summary>
    public string? Id { get; init; }
}

/// <summary>The model's refusal in its own words.</summary>
public sealed record RefusalPart(string Text) : Part;

/// <summary>Where the bytes of an image, a sound or a file are: exactly one of URL, data and file id is set.</summary>
public sealed record MediaSource
{
    /// <summary>For example <c>image/png</c>; null when the protocol does not say.</summary>
    public string? MediaType { get; init; }

    /// <summary>An http(s) address.</summary>
    public string? Url { get; init; }

    /// <summary>Base64, standard alphabet; for <see cref="IsText"/> the text itself.</summary>
    public string? Data { get; init; }

    /// <summary><see cref="Data"/> is plain text, not base64.</summary>
    public bool IsText { get; init; }

    /// <summary>The id of a file that lies at one provider; means nothing to another.</summary>
    public string? FileId { get; init; }
}

/// <summary>Anthropic's cache_control.</summary>
/// <param name="Ttl"><c>5m</c>, <c>1h</c>, or null for the default.</param>
public sealed record CacheHint(string? Ttl);
