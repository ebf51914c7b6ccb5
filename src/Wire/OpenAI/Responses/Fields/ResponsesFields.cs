using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.OpenAI.Responses;

/// <summary>What becomes of each request field of the Responses API over the other protocols.</summary>
internal static class ResponsesFields
{
    public static readonly IReadOnlyList<FieldRule> Rules =
        [.. Options(), .. ResponsesToolFields.Rules(), .. ResponsesMessageFields.Rules(), .. ResponsesItemFields.Rules()];

    /// <summary>One row, in the order Chat, Messages, Gemini.</summary>
    public static FieldRule Row(string path, Fate chat, Fate messages, Fate gemini, string? note = null, params IReadOnlyList<string> neutral) =>
        new(path, chat, Carried, messages, gemini) { Note = note, Neutral = neutral };

    public static FieldRule All(string path, Fate fate, string? note = null, params IReadOnlyList<string> neutral) => Row(path, fate, fate, fate, note, neutral);

    private static IEnumerable<FieldRule> Options() =>
    [
        All("model", Carried, "The upstream's id is put in its place."),
        All("stream", Carried, neutral: "false"),
        All("stream_options.include_obfuscation", Dropped, "Streams are not padded.", "false"),
        All("background", Carried, "Done by the gateway.", "false"),
        All("store", Carried, "Done by the gateway; upstreams are told not to store."),
        All("previous_response_id", Carried, "The gateway puts the earlier items in front."),
        All("conversation", Refused, "Lies at OpenAI."),
        All("prompt", Refused, "A template that lies at OpenAI."),
        All("context_management", Dropped),
        All("include", Dropped, "Encrypted reasoning is always given; the rest only hosted tools have.", "[]", "[\"reasoning.encrypted_content\"]"),
        All("instructions", Carried, "First part of the system prompt."),
        All("input", Carried, "A text is one user message."),
        All("max_output_tokens", Carried),
        All("max_tool_calls", Dropped, "Counts calls of hosted tools."),
        Row("metadata", Carried, Dropped, Dropped, null, "{}"),
        Row("prompt_cache_key", Carried, Dropped, Dropped),
        All("prompt_cache_retention", Dropped),
        All("prompt_cache_options", Dropped),
        All("moderation", Dropped, "OpenAI's own filter; the gateway's guardrails work over every provider."),
        All("reasoning.effort", Carried, "A word or a token budget, as the model takes it."),
        Row("reasoning.summary", Dropped, Dropped, Carried, "Gemini: thoughts are included."),
        All("reasoning.context", Dropped, null, "\"auto\""),
        All("reasoning.mode", Dropped, null, "\"standard\""),
        Row("reasoning.generate_summary", Dropped, Dropped, Carried, "The old name of summary."),
        Row("safety_identifier", Carried, Carried, Dropped, "The end user's id; wins over user."),
        Row("user", Carried, Carried, Dropped),
        Row("service_tier", Carried, Dropped, Dropped, "Anthropic's words mean other things.", "\"auto\""),
        All("temperature", Carried),
        All("top_p", Carried),
        All("top_logprobs", Dropped, null, "0"),
        All("text.format[text]", Carried, "The default everywhere."),
        Row("text.format[json_object]", Carried, Refused, Carried),
        All("text.format[json_schema].type", Carried),
        Row("text.format[json_schema].name", Carried, Dropped, Dropped, "A label."),
        Row("text.format[json_schema].description", Carried, Dropped, Dropped),
        All("text.format[json_schema].schema", Carried),
        Row("text.format[json_schema].strict", Carried, Dropped, Dropped, "Both are always strict."),
        Row("text.verbosity", Carried, Dropped, Dropped, null, "\"medium\""),
        All("truncation", Dropped, null, "\"disabled\""),
        All("client_metadata", Dropped, "Codex's own."),
    ];
}
