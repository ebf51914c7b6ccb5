using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.OpenAI.Responses.ResponsesFields;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.OpenAI.Responses;

/// <summary>Rows of messages, which may come with a type or with their role only.</summary>
internal static class ResponsesMessageFields
{
    public static IEnumerable<FieldRule> Rules() =>
    [
        All("input[message].type", Carried),
        .. Message("input[message]"), .. Own("input[message]"), .. Input("input[message].content"), .. Output("input[message].content"),
        .. Message("input[user]"), .. Input("input[user].content"),
        .. Message("input[assistant]"), .. Own("input[assistant]"), .. Text("input[assistant].content[input_text]"), .. Output("input[assistant].content"),
        .. Message("input[system]"), .. Text("input[system].content[input_text]"),
        .. Message("input[developer]"), .. Text("input[developer].content[input_text]"),
    ];

    /// <summary>Parts that a user or a tool can send.</summary>
    public static IEnumerable<FieldRule> Media(string content, Fate fileOverChat, Fate nameOverChat) =>
    [
        .. Text($"{content}[input_text]"),
        All($"{content}[input_image].type", Carried),
        All($"{content}[input_image].image_url", Carried, "Addresses are fetched for Gemini."),
        All($"{content}[input_image].file_id", Refused, "Lies at OpenAI."),
        Row($"{content}[input_image].detail", Carried, Dropped, Dropped, null, "\"auto\""),
        Breakpoint($"{content}[input_image]"),
        All($"{content}[input_file].type", Carried),
        Row($"{content}[input_file].file_data", fileOverChat, Carried, Carried),
        Row($"{content}[input_file].file_url", Refused, Carried, Carried, "Chat takes no addresses of files."),
        All($"{content}[input_file].file_id", Refused, "Lies at OpenAI."),
        Row($"{content}[input_file].filename", nameOverChat, Carried, Dropped),
        All($"{content}[input_file].detail", Dropped, null, "\"auto\""),
        Breakpoint($"{content}[input_file]"),
    ];

    private static IEnumerable<FieldRule> Message(string path) =>
    [
        All($"{path}.role", Carried, "system and developer are one; in front of the conversation they are the system prompt."),
        All($"{path}.content", Carried),
        All($"{path}.content[*]", Refused),
    ];

    private static IEnumerable<FieldRule> Own(string path) =>
    [
        All($"{path}.id", Dropped, "Means something to its maker only."),
        All($"{path}.status", Dropped, null, "\"completed\""),
        All($"{path}.phase", Dropped),
    ];

    private static IEnumerable<FieldRule> Input(string content) =>
    [
        .. Media(content, fileOverChat: Carried, nameOverChat: Carried),
        All($"{content}[input_audio].type", Carried),
        Row($"{content}[input_audio].input_audio", Carried, Refused, Carried),
    ];

    private static IEnumerable<FieldRule> Output(string content) =>
    [
        .. Text($"{content}[output_text]"),
        All($"{content}[output_text].annotations", Dropped, null, "[]"),
        All($"{content}[output_text].logprobs", Dropped, null, "[]"),
        All($"{content}[refusal].type", Carried),
        All($"{content}[refusal].refusal", Carried, "Plain text over Messages and Gemini."),
    ];

    private static IEnumerable<FieldRule> Text(string part) => [All($"{part}.type", Carried), All($"{part}.text", Carried), Breakpoint(part)];

    private static FieldRule Breakpoint(string part) => All($"{part}.prompt_cache_breakpoint", Dropped);
}
