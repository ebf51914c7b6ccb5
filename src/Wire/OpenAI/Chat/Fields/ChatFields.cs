using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.OpenAI.Chat.Fields;

/// <summary>What becomes of each field of a Chat request over every target. Columns: Chat, Responses, Messages, Gemini.</summary>
internal static class ChatFields
{
    public static readonly FieldTable Table = new(WireProtocol.Chat, [.. Root, .. Thinking, .. Formats, .. ChatToolFields.Rules, .. ChatMessageFields.Rules]);

    private static FieldRule[] Root =>
    [
        new("model", Carried, Carried, Carried, Carried) { Note = "The gateway writes the upstream's own name; for Gemini it is part of the address." },
        new("messages", Carried, Carried, Carried, Carried) { Note = "Leading system and developer messages become the system prompt." },
        new("stream", Carried, Carried, Carried, Carried) { Neutral = ["false"], Note = "For Gemini it is part of the address." },
        new("stream_options", Carried, Carried, Carried, Carried) { Neutral = ["{}"], Note = "Read by the gateway, which writes the client's stream itself." },
        new("max_tokens", Carried, Carried, Carried, Carried) { Note = "Reasoning included. Written as max_completion_tokens for models that refuse it." },
        new("max_completion_tokens", Carried, Carried, Carried, Carried) { Note = "Wins over max_tokens." },
        new("temperature", Carried, Carried, Carried, Carried) { Note = "At most 1 towards Anthropic." },
        new("top_p", Carried, Carried, Carried, Carried),
        new("top_k", Carried, Dropped, Carried, Carried) { Note = "Not OpenAI's, but taken by many compatible servers." },
        new("presence_penalty", Carried, Dropped, Dropped, Carried) { Neutral = ["0", "0.0"] },
        new("frequency_penalty", Carried, Dropped, Dropped, Carried) { Neutral = ["0", "0.0"] },
        new("seed", Carried, Dropped, Dropped, Carried),
        new("stop", Carried, Dropped, Carried, Carried) { Neutral = ["[]"] },
        new("n", Carried, Refused, Refused, Carried) { Neutral = ["1"], Note = "Gemini's candidateCount." },
        new("logit_bias", Carried, Dropped, Dropped, Dropped) { Neutral = ["{}"] },
        new("logprobs", Carried, Dropped, Dropped, Dropped) { Neutral = ["false"] },
        new("top_logprobs", Carried, Dropped, Dropped, Dropped) { Neutral = ["0"] },
        new("reasoning_effort", Carried, Carried, Carried, Carried) { Note = "Towards Anthropic and Gemini an effort or a budget of tokens." },
        new("verbosity", Carried, Carried, Dropped, Dropped),
        new("user", Carried, Carried, Carried, Dropped) { Note = "Anthropic's metadata.user_id." },
        new("safety_identifier", Carried, Carried, Carried, Dropped) { Note = "As user, when that is absent." },
        new("metadata", Carried, Carried, Dropped, Dropped) { Neutral = ["{}"] },
        new("service_tier", Carried, Carried, Dropped, Dropped) { Neutral = ["\"auto\""], Note = "The words differ between makers." },
        new("prompt_cache_key", Carried, Carried, Dropped, Dropped),
        new("prompt_cache_retention", Carried, Dropped, Dropped, Dropped),
        new("prompt_cache_options", Carried, Dropped, Dropped, Dropped),
        new("moderation", Carried, Dropped, Dropped, Dropped) { Note = "OpenAI's own filter; the gateway's guardrails work over every provider." },
        new("store", Carried, Dropped, Dropped, Dropped) { Neutral = ["false"], Note = "The gateway does not store Chat answers." },
        new("prediction", Carried, Dropped, Dropped, Dropped),
        new("modalities", Carried, Refused, Refused, Refused) { Neutral = ["[\"text\"]", "[]"], Note = "Answers that are sound exist in Chat only." },
        new("audio", Carried, Dropped, Dropped, Dropped) { Note = "How the sound is to be; modalities asks for it." },
        new("web_search_options", Carried, Dropped, Dropped, Dropped) { Note = "A hosted tool: an offer that other upstreams can't keep." },
    ];

    // None of them is OpenAI's. OpenRouter's form is read; the others are switches of one maker's models each.
    private static FieldRule[] Thinking =>
    [
        new("reasoning.effort", Carried, Carried, Carried, Carried) { Note = "OpenRouter's; wins over reasoning_effort." },
        new("reasoning.max_tokens", Carried, Carried, Carried, Carried) { Note = "OpenRouter's; a budget, over Responses the effort nearest above it." },
        new("reasoning.enabled", Carried, Carried, Carried, Carried) { Note = "OpenRouter's; a medium effort or none, where neither effort nor max_tokens says more." },
        new("reasoning.exclude", Carried, Carried, Carried, Carried) { Neutral = ["false"], Note = "OpenRouter's; thoughts are not asked for, over Responses no summary." },
        new("thinking", Carried, Dropped, Dropped, Dropped) { Note = "A switch of some makers' models (DeepSeek, GLM, Kimi); use reasoning_effort." },
        new("enable_thinking", Carried, Dropped, Dropped, Dropped) { Note = "A switch of Qwen's models; use reasoning_effort." },
        new("thinking_budget", Carried, Dropped, Dropped, Dropped) { Note = "Qwen's; use reasoning.max_tokens." },
        new("chat_template_kwargs", Carried, Dropped, Dropped, Dropped) { Note = "Of servers that run open models." },
    ];

    private static FieldRule[] Formats =>
    [
        new("response_format[text]", Carried, Carried, Carried, Carried) { Note = "The default everywhere." },
        new("response_format[json_object]", Carried, Carried, Refused, Carried),
        new("response_format[json_schema].type", Carried, Carried, Carried, Carried),
        new("response_format[json_schema].json_schema.name", Carried, Carried, Dropped, Dropped),
        new("response_format[json_schema].json_schema.description", Carried, Carried, Dropped, Dropped),
        new("response_format[json_schema].json_schema.schema", Carried, Carried, Carried, Carried),
        new("response_format[json_schema].json_schema.strict", Carried, Carried, Dropped, Dropped) { Note = "The others always hold to the schema." },
        new("response_format[*]", Carried, Refused, Refused, Refused),
    ];
}
