using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.Anthropic.Fields;

/// <summary>The fields of Messages requests and what becomes of them over Chat, Responses, Messages and Gemini.</summary>
internal static class MessagesFields
{
    public static readonly FieldTable Table = new(WireProtocol.Messages, [.. Root, .. Thinking, .. Output, .. ToolFields.Rules, .. ContentFields.Rules]);

    private static IEnumerable<FieldRule> Root =>
    [
        new("model", Carried, Carried, Carried, Carried) { Note = "Replaced by the upstream's name." },
        new("max_tokens", Carried, Carried, Carried, Carried),
        new("stream", Carried, Carried, Carried, Carried) { Neutral = ["false"], Note = "Over Gemini it is the method in the URL." },
        new("temperature", Carried, Carried, Carried, Carried) { Note = "Towards Anthropic at most 1, and left out with thinking on, where it is refused." },
        new("top_p", Carried, Carried, Carried, Carried) { Note = "Towards Anthropic left out below 0.95 with thinking on, where it is refused. Newer Claude models refuse it beside temperature: send one of them." },
        new("top_k", Dropped, Dropped, Carried, Carried) { Note = "Towards Anthropic left out with thinking on, where it is refused." },
        new("stop_sequences", Carried, Dropped, Carried, Carried) { Neutral = ["[]"], Note = "Towards Anthropic without sequences of white space, which are refused." },
        new("metadata.user_id", Carried, Carried, Carried, Dropped) { Note = "Becomes user." },
        new("service_tier", Dropped, Dropped, Carried, Dropped) { Neutral = ["\"auto\""], Note = "The words of other providers mean other tiers." },
        new("system", Carried, Carried, Carried, Carried),
        new("system[text].type", Carried, Carried, Carried, Carried),
        new("system[text].text", Carried, Carried, Carried, Carried),
        new("system[text].cache_control", Dropped, Dropped, Carried, Dropped),
        new("system[text].citations", Dropped, Dropped, Carried, Dropped),
        Hint("cache_control"),
        Hint("betas"),
        Hint("billing_policy"),
        Hint("container") with { Note = "Skills and containers of Anthropic's code execution." },
        Hint("context_management") with { Note = "Edits that Anthropic makes to long conversations." },
        Hint("diagnostics"),
        Hint("fallbacks"),
        Hint("fallback_credit_token"),
        Hint("inference_geo"),
        Hint("mcp_servers") with { Note = "Offers of tools that Anthropic would call itself." },
        Hint("speed") with { Neutral = ["\"standard\""] },
        Hint("user_profile_id"),
        Hint("workspace_id"),
        new("compaction", Refused, Refused, Carried, Refused) { Note = "Asks for a summary in place of an answer." },
        Hint("thread[create]"),
        new("thread[continue]", Refused, Refused, Carried, Refused) { Note = "Only the provider has the conversation that is continued." },
    ];

    private static IEnumerable<FieldRule> Thinking =>
    [
        new("thinking[enabled].type", Carried, Carried, Carried, Carried),
        new("thinking[enabled].budget_tokens", Carried, Carried, Carried, Carried)
        {
            Note = "Becomes an effort over OpenAI's protocols. Towards Anthropic at least 1024, and max_tokens is raised by it when it leaves no room; "
                + "left out with a forced tool choice, with an answer to be continued, and inside a tool loop that another model began, where it is refused.",
        },
        new("thinking[enabled].display", Dropped, Carried, Carried, Carried) { Neutral = ["\"omitted\""], Note = "Over Responses a summary, over Gemini includeThoughts." },
        Hint("thinking[enabled].block_binding"),
        new("thinking[adaptive].type", Dropped, Carried, Carried, Carried) { Note = "Over Responses a medium effort; over Chat the model decides when nothing is said." },
        new("thinking[adaptive].display", Dropped, Carried, Carried, Carried) { Neutral = ["\"omitted\""], Note = "Over Responses a summary, over Gemini includeThoughts." },
        Hint("thinking[adaptive].block_binding"),
        new("thinking[between_tools].type", Dropped, Carried, Carried, Carried) { Note = "As adaptive." },
        new("thinking[disabled].type", Carried, Carried, Carried, Carried) { Note = "Effort none, a budget of 0." },
    ];

    private static IEnumerable<FieldRule> Output =>
    [
        new("output_config.effort", Carried, Carried, Carried, Carried)
        {
            Note = "Towards Anthropic from another protocol it becomes a thinking budget; without effect beside thinking of type disabled.",
        },
        new("output_config.format[json_schema].type", Carried, Carried, Carried, Carried),
        new("output_config.format[json_schema].schema", Carried, Carried, Carried, Carried),
        Hint("output_config.task_budget"),
        new("output_format[json_schema].type", Carried, Carried, Carried, Carried),
        new("output_format[json_schema].schema", Carried, Carried, Carried, Carried) { Note = "The older name of output_config.format." },
    ];

    public static FieldRule Hint(string path) => new(path, Dropped, Dropped, Carried, Dropped);
}
