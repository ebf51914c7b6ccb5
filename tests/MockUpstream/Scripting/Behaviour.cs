using System.Text.Json.Serialization;

namespace AIHigress.MockUpstream.Scripting;

/// <summary>
/// How the mock answers: every knob is optional, and an unset one means the ordinary thing. The same names in
/// snake case are the JSON of the control endpoint, and with dashes the parts of a <c>mock-…</c> model id.
/// An "event" is one server-sent event; the role chunk is the first.
/// </summary>
public sealed record Behaviour
{
    // When it speaks.

    /// <summary>Milliseconds before the headers.</summary>
    public int? LatencyMs { get; init; }

    /// <summary>Milliseconds between the headers and the first event.</summary>
    public int? FirstChunkDelayMs { get; init; }

    /// <summary>Milliseconds before each event after the first.</summary>
    public int? ChunkDelayMs { get; init; }

    /// <summary>Sends the answer byte by byte with this many milliseconds between.</summary>
    public int? SlowDrip { get; init; }

    /// <summary>Holds each event (or the whole plain answer) until this gate is released once for it.</summary>
    public string? Gate { get; init; }

    /// <summary>Events per write; one when unset.</summary>
    public int? Batch { get; init; }

    // What it says.

    /// <summary>Content chunks; eight when unset.</summary>
    public int? Chunks { get; init; }

    /// <summary>Pads the text of each chunk to this many bytes.</summary>
    public int? ChunkBytes { get; init; }

    /// <summary>The text to say, cut into <see cref="Chunks"/> pieces, or into words when that is unset.</summary>
    [JsonConverter(typeof(TextKnob))]
    public string? Text { get; init; }

    /// <summary>Says this many MiB of text, as one event when streaming.</summary>
    public int? Huge { get; init; }

    /// <summary>Replaces the finish reason.</summary>
    public string? FinishReason { get; init; }

    /// <summary>This many reasoning deltas come before the content.</summary>
    public int? Reasoning { get; init; }

    /// <summary>Refuses in the <c>refusal</c> field instead of speaking.</summary>
    public bool? Refusal { get; init; }

    /// <summary>This many parallel tool calls, until the conversation ends with a tool's result.</summary>
    public int? Tools { get; init; }

    /// <summary>Arguments (JSON) of each tool call.</summary>
    public string? ToolArguments { get; init; }

    /// <summary>Argument pieces of the parallel calls take turns instead of coming call after call.</summary>
    public bool? ToolsInterleaved { get; init; }

    /// <summary>Calls tools even after a tool's result.</summary>
    public bool? ToolsAlways { get; init; }

    /// <summary>Calls just these tools, until a tool's result is anywhere in the conversation; tools not offered are not called.</summary>
    public IReadOnlyList<ToolStep>? ToolScript { get; init; }

    // What it counts.

    /// <summary>Where the token usage is reported.</summary>
    public UsageShape? Usage { get; init; }

    /// <summary>Reports usage in streams that did not ask for it.</summary>
    public bool? UsageForced { get; init; }

    /// <summary>Reports zero tokens.</summary>
    public bool? ZeroUsage { get; init; }

    /// <summary>Prompt tokens to report; a quarter of the bytes of <c>messages</c> when unset.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>Completion tokens to report; the number of deltas when unset.</summary>
    public int? CompletionTokens { get; init; }

    /// <summary>Cached prompt tokens to report.</summary>
    public int? CachedTokens { get; init; }

    /// <summary>Prompt tokens written to the cache to report.</summary>
    public int? CacheWriteTokens { get; init; }

    /// <summary>Reasoning tokens to report; the number of reasoning deltas when unset.</summary>
    public int? ReasoningTokens { get; init; }

    // How it refuses.

    /// <summary>Answers with this status and an error body.</summary>
    public int? Status { get; init; }

    /// <summary>Message of the error; <c>{key}</c> stands for the key that was sent.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Code of the error.</summary>
    [JsonConverter(typeof(TextKnob))]
    public string? ErrorCode { get; init; }

    /// <summary>Type of the error.</summary>
    public string? ErrorType { get; init; }

    /// <summary><c>html</c>, <c>text</c> or <c>empty</c> instead of the protocol's error shape.</summary>
    public string? ErrorBody { get; init; }

    /// <summary><c>Retry-After</c>, sent as it stands: seconds or an HTTP date.</summary>
    [JsonConverter(typeof(TextKnob))]
    public string? RetryAfter { get; init; }

    /// <summary><c>Retry-After</c> as the HTTP date this many seconds from now.</summary>
    public int? RetryAfterDate { get; init; }

    /// <summary>400 that says this capability (<c>tools</c>, <c>vision</c> …) is not supported.</summary>
    [JsonConverter(typeof(TextKnob))]
    public string? Unsupported { get; init; }

    /// <summary>Resets the connection before any answer.</summary>
    public bool? Refuse { get; init; }

    /// <summary>Reads the request and never answers.</summary>
    public bool? HangBeforeHeaders { get; init; }

    /// <summary>Sends header lines until the client leaves.</summary>
    public bool? EndlessHeaders { get; init; }

    /// <summary>200 with an empty body; no events when streaming.</summary>
    [JsonPropertyName("empty_200")]
    public bool? Empty200 { get; init; }

    // How it breaks.

    /// <summary>Goes silent after this many events (plain: after half the body).</summary>
    public int? HangAfter { get; init; }

    /// <summary>Resets the connection (RST) after this many events (plain: after half the body).</summary>
    public int? CutAfter { get; init; }

    /// <summary>Closes the connection (FIN) inside the chunked body after this many events (plain: after half the body).</summary>
    public int? CloseAfter { get; init; }

    /// <summary>Ends the body cleanly after this many events, without a finish chunk or <c>[DONE]</c>.</summary>
    public int? EndAfter { get; init; }

    /// <summary>An error event after this many events, then the end (plain: an error body inside the 200).</summary>
    public int? ErrorAfter { get; init; }

    /// <summary>Numeric code in the error of <see cref="ErrorAfter"/>.</summary>
    public int? ErrorStatus { get; init; }

    /// <summary>The role chunk, then the end.</summary>
    public bool? OnlyRoleThenEnd { get; init; }

    /// <summary>Half an event after this many whole ones, then the end.</summary>
    public int? TruncatedEvent { get; init; }

    /// <summary>Half the JSON of a plain answer: <c>matching</c> (its length is declared) or <c>short</c> (the whole length is declared).</summary>
    [JsonConverter(typeof(TextKnob))]
    public string? TruncatedJson { get; init; }

    /// <summary>Nonsense with a 200: <c>json</c> or <c>html</c>; streams send <c>data: not json</c> and end.</summary>
    [JsonConverter(typeof(TextKnob))]
    public string? Garbage { get; init; }

    /// <summary>Good events before the nonsense.</summary>
    public int? GarbageAfter { get; init; }

    /// <summary>Leaves <c>[DONE]</c> out.</summary>
    public bool? NoDone { get; init; }

    /// <summary>Leaves the finish chunk out.</summary>
    public bool? NoFinish { get; init; }

    // How it is framed.

    /// <summary>CRLF line ends in the event stream.</summary>
    public bool? Crlf { get; init; }

    /// <summary>This many <c>: ping</c> comments before each event, each in its own write.</summary>
    public int? Comments { get; init; }

    /// <summary>A byte order mark before the first event.</summary>
    public bool? Bom { get; init; }

    /// <summary><c>data:</c> without the space after it.</summary>
    public bool? NoSpace { get; init; }

    /// <summary>Spreads each event over three <c>data:</c> lines.</summary>
    public bool? MultiLineData { get; init; }

    /// <summary>Writes each event in two parts, cut inside its first multi-byte character.</summary>
    public bool? SplitUtf8 { get; init; }

    /// <summary>Writes events and bodies in pieces of this many bytes.</summary>
    public int? SplitBytes { get; init; }

    /// <summary>Another content type; bare means <c>text/plain</c>.</summary>
    [JsonConverter(typeof(TextKnob))]
    public string? WrongContentType { get; init; }

    /// <summary>Compresses a plain answer.</summary>
    public bool? Gzip { get; init; }

    // What else is in the headers.

    /// <summary>Extra response headers.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Sets a cookie.</summary>
    public bool? SetCookie { get; init; }

    /// <summary>Sends hop-by-hop headers.</summary>
    public bool? HopHeaders { get; init; }

    /// <summary>Sends OpenAI's <c>x-ratelimit-*</c> headers.</summary>
    public bool? RatelimitHeaders { get; init; }

    /// <summary>Adds this many KiB of headers.</summary>
    public int? HeaderKib { get; init; }

    /// <summary>Only in model ids: this many requests are answered so, later ones normally.</summary>
    public int? Times { get; init; }
}

/// <summary>Where token usage is reported in a stream.</summary>
[JsonConverter(typeof(SnakeCaseEnum<UsageShape>))]
public enum UsageShape
{
    /// <summary>As OpenAI does: in a last chunk with empty choices, when asked for; always in plain answers.</summary>
    Present,

    /// <summary>Nowhere.</summary>
    Absent,

    /// <summary>The same as <see cref="Present"/>, by its other name.</summary>
    Late,

    /// <summary>In the finish chunk, whose choices are not empty.</summary>
    WithChoices,

    /// <summary>In the finish chunk (half the completion tokens) and again, complete, in the last chunk.</summary>
    Twice,
}
