using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.OpenAI.Chat.Fields;

/// <summary>The members of messages, by role.</summary>
internal static class ChatMessageFields
{
    private const string Thoughts =
        "Past thoughts go to their maker only: towards Chat upstreams while its tools are still answering, towards others with the seal that the gateway marked.";

    public static IReadOnlyList<FieldRule> Rules { get; } =
    [
        .. Instruction("system"), .. Instruction("developer"), .. User, .. Assistant, .. Calls, .. Tool, .. Function,
        new("messages[*]", Carried, Refused, Refused, Refused) { Note = "An unknown role." },
    ];

    private static FieldRule[] User =>
    [
        new("messages[user].role", Carried, Carried, Carried, Carried),
        new("messages[user].content", Carried, Carried, Carried, Carried),
        Name("user"),
        .. Text("messages[user].content[text]"),
        .. Image("messages[user].content[image_url]"),
        new("messages[user].content[input_audio]", Carried, Refused, Refused, Carried),
        new("messages[user].content[video_url]", Carried, Refused, Refused, Carried) { Note = "Not OpenAI's, but taken by many compatible servers." },
        .. File("messages[user].content[file]"),
        Unknown("messages[user].content[*]"),
    ];

    private static FieldRule[] Assistant =>
    [
        new("messages[assistant].role", Carried, Carried, Carried, Carried),
        new("messages[assistant].content", Carried, Carried, Carried, Carried),
        Name("assistant"),
        .. Text("messages[assistant].content[text]"),
        new("messages[assistant].content[refusal]", Carried, Carried, Carried, Carried) { Note = "A text where there are no refusals." },
        Unknown("messages[assistant].content[*]"),
        new("messages[assistant].refusal", Carried, Carried, Carried, Carried) { Neutral = ["\"\""], Note = "A text where there are no refusals." },
        new("messages[assistant].reasoning_content", Carried, Dropped, Dropped, Dropped) { Neutral = ["\"\""], Note = Thoughts },
        new("messages[assistant].reasoning", Carried, Dropped, Dropped, Dropped) { Neutral = ["\"\""], Note = Thoughts },
        new("messages[assistant].reasoning_details", Carried, Dropped, Dropped, Dropped) { Neutral = ["[]"], Note = Thoughts },
        new("messages[assistant].audio", Carried, Refused, Refused, Refused) { Note = "The id of a sound that only its maker has." },
        new("messages[assistant].annotations", Carried, Dropped, Dropped, Dropped) { Neutral = ["[]"] },
    ];

    private static FieldRule[] Calls =>
    [
        .. Call("function", "arguments"),
        .. Call("custom", "input"),
        new("messages[assistant].function_call", Carried, Carried, Carried, Carried) { Note = "The forerunner of tool_calls; the gateway makes an id." },
    ];

    private static FieldRule[] Tool =>
    [
        new("messages[tool].role", Carried, Carried, Carried, Carried) { Note = "Tool messages in a row are one turn of the user." },
        new("messages[tool].tool_call_id", Carried, Carried, Carried, Carried),
        new("messages[tool].content", Carried, Carried, Carried, Carried) { Note = "Chat has no mark for errors: a result that failed is written with the prefix Error: ." },
        new("messages[tool].name", Carried, Dropped, Dropped, Carried) { Note = "Gemini repeats it." },
        new("messages[tool].cache_control", Carried, Dropped, Carried, Dropped) { Note = "Anthropic's; not OpenAI's." },
        .. Text("messages[tool].content[text]"),
        .. Image("messages[tool].content[image_url]"),
        .. File("messages[tool].content[file]"),
        Unknown("messages[tool].content[*]"),
    ];

    private static FieldRule[] Function =>
    [
        new("messages[function].role", Carried, Carried, Carried, Carried) { Note = "The forerunner of tool messages." },
        new("messages[function].name", Carried, Carried, Carried, Carried) { Note = "Joins the result to the call of that name." },
        new("messages[function].content", Carried, Carried, Carried, Carried),
        .. Text("messages[function].content[text]"),
        Unknown("messages[function].content[*]"),
    ];

    private static FieldRule[] Instruction(string role) =>
    [
        new($"messages[{role}].role", Carried, Carried, Carried, Carried),
        new($"messages[{role}].content", Carried, Carried, Carried, Carried),
        Name(role),
        .. Text($"messages[{role}].content[text]"),
        Unknown($"messages[{role}].content[*]"),
        new($"messages[{role}].cache_control", Carried, Dropped, Carried, Dropped) { Note = "Anthropic's; not OpenAI's." },
    ];

    private static FieldRule[] Call(string kind, string text) =>
    [
        new($"messages[assistant].tool_calls[{kind}].id", Carried, Carried, Carried, Carried) { Note = "Characters that an upstream refuses are replaced, in the result too." },
        new($"messages[assistant].tool_calls[{kind}].type", Carried, Carried, Carried, Carried),
        new($"messages[assistant].tool_calls[{kind}].index", Carried, Dropped, Dropped, Dropped),
        new($"messages[assistant].tool_calls[{kind}].extra_content", Carried, Dropped, Dropped, Carried) { Note = "Gemini's thought signature." },
        new($"messages[assistant].tool_calls[{kind}].{kind}.name", Carried, Carried, Carried, Carried),
        new($"messages[assistant].tool_calls[{kind}].{kind}.{text}", Carried, Carried, Carried, Carried),
    ];

    private static FieldRule[] Text(string path) =>
    [
        new($"{path}.type", Carried, Carried, Carried, Carried),
        new($"{path}.text", Carried, Carried, Carried, Carried),
        Breakpoint(path),
        new($"{path}.cache_control", Carried, Dropped, Carried, Dropped) { Note = "Anthropic's; not OpenAI's." },
    ];

    private static FieldRule[] Image(string path) =>
    [
        new($"{path}.type", Carried, Carried, Carried, Carried),
        new($"{path}.image_url", Carried, Carried, Carried, Carried) { Note = "Addresses are fetched by the gateway for upstreams that take none." },
        new($"{path}.image_url.url", Carried, Carried, Carried, Carried),
        new($"{path}.image_url.detail", Carried, Carried, Dropped, Dropped) { Neutral = ["\"auto\""] },
        Breakpoint(path),
        new($"{path}.cache_control", Carried, Dropped, Carried, Dropped) { Note = "Anthropic's; not OpenAI's." },
    ];

    private static FieldRule[] File(string path) =>
    [
        new($"{path}.type", Carried, Carried, Carried, Carried),
        new($"{path}.file.file_data", Carried, Carried, Carried, Carried),
        new($"{path}.file.file_id", Carried, Refused, Refused, Refused) { Note = "A file that lies at one provider." },
        new($"{path}.file.filename", Carried, Carried, Carried, Dropped) { Note = "Anthropic's title." },
        Breakpoint(path),
        new($"{path}.cache_control", Carried, Dropped, Carried, Dropped) { Note = "Anthropic's; not OpenAI's." },
    ];

    private static FieldRule Breakpoint(string path) => new($"{path}.prompt_cache_breakpoint", Carried, Dropped, Dropped, Dropped) { Note = "OpenAI's mark; use cache_control for Anthropic's." };

    private static FieldRule Name(string role) => new($"messages[{role}].name", Carried, Dropped, Dropped, Dropped);

    private static FieldRule Unknown(string path) => new(path, Carried, Refused, Refused, Refused) { Note = "An unknown kind of part." };
}
