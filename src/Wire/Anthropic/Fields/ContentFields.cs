using AIHigress.Wire.Anthropic.Requests;
using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.Anthropic.Fields;

/// <summary>The rules of messages and their content blocks.</summary>
internal static class ContentFields
{
    private const string User = "messages[user]";
    private const string Assistant = "messages[assistant]";
    private const string System = "messages[system]";
    private const string Result = "messages[user].content[tool_result]";

    public static IEnumerable<FieldRule> Rules =>
    [
        new($"{User}.role", Carried, Carried, Carried, Carried),
        new($"{User}.content", Carried, Carried, Carried, Carried),
        .. Text($"{User}.content[text]"),
        .. Image($"{User}.content[image]"),
        .. Document($"{User}.content[document]"),
        .. SearchResult($"{User}.content[search_result]"),
        .. ToolResult,
        .. Items($"{User}.content"),
        new($"{User}.content[*]", Refused, Refused, Carried, Refused),
        new($"{Assistant}.role", Carried, Carried, Carried, Carried),
        new($"{Assistant}.content", Carried, Carried, Carried, Carried),
        .. Text($"{Assistant}.content[text]"),
        .. Thoughts,
        .. ToolUse,
        .. Compaction,
        .. Items($"{Assistant}.content"),
        new($"{Assistant}.content[*]", Refused, Refused, Carried, Refused),
        new($"{System}.role", Carried, Carried, Carried, Carried),
        new($"{System}.content", Carried, Carried, Carried, Carried)
        {
            Note = "Instructions in the middle; where only users and the assistant speak, a user's text between <system> marks.",
        },
        .. Text($"{System}.content[text]"),
        new($"{System}.content[*]", Refused, Refused, Carried, Refused) { Note = "Changes of the tools in the middle of a conversation." },
        MessagesFields.Hint($"{System}.clear_at") with { Neutral = ["\"never\""] },
        MessagesFields.Hint($"{System}.output_config"),
    ];

    private static IEnumerable<FieldRule> ToolResult =>
    [
        new($"{Result}.type", Carried, Carried, Carried, Carried),
        new($"{Result}.tool_use_id", Carried, Carried, Carried, Carried),
        new($"{Result}.content", Carried, Carried, Carried, Carried),
        .. Text($"{Result}.content[text]"),
        .. Image($"{Result}.content[image]"),
        .. Document($"{Result}.content[document]"),
        .. SearchResult($"{Result}.content[search_result]"),
        new($"{Result}.content[tool_reference].type", Carried, Carried, Carried, Carried),
        new($"{Result}.content[tool_reference].tool_name", Carried, Carried, Carried, Carried) { Note = "As text." },
        MessagesFields.Hint($"{Result}.content[tool_reference].cache_control"),
        new($"{Result}.content[*]", Refused, Refused, Carried, Refused),
        new($"{Result}.is_error", Carried, Carried, Carried, Carried)
        {
            Neutral = ["false"],
            Note = "Over Chat and Responses the text says that it is an error, over Gemini the response is an error.",
        },
        MessagesFields.Hint($"{Result}.cache_control"),
        MessagesFields.Hint($"{Result}.toolset_name"),
    ];

    private static IEnumerable<FieldRule> Thoughts =>
    [
        MessagesFields.Hint($"{Assistant}.content[thinking].type"),
        MessagesFields.Hint($"{Assistant}.content[thinking].thinking") with { Note = "Past thoughts go to their maker only." },
        MessagesFields.Hint($"{Assistant}.content[thinking].signature") with { Note = "A signature that the gateway marked as another maker's goes back to that maker." },
        MessagesFields.Hint($"{Assistant}.content[redacted_thinking]") with { Note = "As signatures." },
    ];

    private static IEnumerable<FieldRule> ToolUse =>
    [
        new($"{Assistant}.content[tool_use].type", Carried, Carried, Carried, Carried),
        new($"{Assistant}.content[tool_use].id", Carried, Carried, Carried, Carried)
        {
            Note = "Where an upstream's ids are shorter or of fewer characters it is replaced, the same for the call and its result.",
        },
        new($"{Assistant}.content[tool_use].name", Carried, Carried, Carried, Carried),
        new($"{Assistant}.content[tool_use].input", Carried, Carried, Carried, Carried)
        {
            Note = "From other protocols: no arguments become {}, arguments that are no JSON object stand under the name input.",
        },
        MessagesFields.Hint($"{Assistant}.content[tool_use].cache_control"),
        MessagesFields.Hint($"{Assistant}.content[tool_use].caller"),
        MessagesFields.Hint($"{Assistant}.content[tool_use].toolset_name"),
    ];

    private static IEnumerable<FieldRule> Compaction =>
    [
        new($"{Assistant}.content[compaction].type", Carried, Carried, Carried, Carried),
        new($"{Assistant}.content[compaction].content", Carried, Carried, Carried, Carried) { Note = "The summary as text." },
        MessagesFields.Hint($"{Assistant}.content[compaction].cache_control"),
        MessagesFields.Hint($"{Assistant}.content[compaction].encrypted_content"),
        MessagesFields.Hint($"{Assistant}.content[compaction].signature"),
        MessagesFields.Hint($"{Assistant}.content[compaction].tool_changes"),
    ];

    private static IEnumerable<FieldRule> Items(string content) =>
        AnthropicOnly.Items.Select(item => MessagesFields.Hint($"{content}[{item}]") with { Note = "A trace of what Anthropic's own tools did." });

    private static IEnumerable<FieldRule> Text(string block) =>
    [
        new($"{block}.type", Carried, Carried, Carried, Carried),
        new($"{block}.text", Carried, Carried, Carried, Carried),
        MessagesFields.Hint($"{block}.cache_control"),
        MessagesFields.Hint($"{block}.citations"),
    ];

    private static IEnumerable<FieldRule> Image(string block) =>
    [
        new($"{block}.type", Carried, Carried, Carried, Carried),
        .. Base64Source(block),
        new($"{block}.source[url].type", Carried, Carried, Carried, Carried),
        new($"{block}.source[url].url", Carried, Carried, Carried, Carried) { Note = "For Gemini the gateway fetches it." },
        FileSource(block),
        MessagesFields.Hint($"{block}.cache_control"),
        MessagesFields.Hint($"{block}.transformations"),
    ];

    private static IEnumerable<FieldRule> Document(string block) =>
    [
        new($"{block}.type", Carried, Carried, Carried, Carried),
        .. Base64Source(block),
        new($"{block}.source[text].type", Carried, Carried, Carried, Carried),
        new($"{block}.source[text].media_type", Carried, Carried, Carried, Carried),
        new($"{block}.source[text].data", Carried, Carried, Carried, Carried),
        new($"{block}.source[url].type", Refused, Carried, Carried, Carried),
        new($"{block}.source[url].url", Refused, Carried, Carried, Carried) { Note = "Chat takes no addresses of files. For Gemini the gateway fetches it." },
        FileSource(block),
        new($"{block}.source[content]", Carried, Carried, Carried, Carried) { Note = "As the texts and images that it consists of." },
        new($"{block}.title", Carried, Carried, Carried, Dropped) { Note = "The file's name." },
        new($"{block}.context", Carried, Carried, Carried, Carried) { Note = "As text in front of the document." },
        MessagesFields.Hint($"{block}.cache_control"),
        MessagesFields.Hint($"{block}.citations") with { Neutral = ["{\"enabled\":false}", "{}"] },
    ];

    private static IEnumerable<FieldRule> SearchResult(string block) =>
    [
        new($"{block}.type", Carried, Carried, Carried, Carried),
        new($"{block}.source", Carried, Carried, Carried, Carried) { Note = "Title, source and texts as one text." },
        new($"{block}.title", Carried, Carried, Carried, Carried),
        new($"{block}.content", Carried, Carried, Carried, Carried),
        MessagesFields.Hint($"{block}.cache_control"),
        MessagesFields.Hint($"{block}.citations") with { Neutral = ["{\"enabled\":false}", "{}"] },
    ];

    private static IEnumerable<FieldRule> Base64Source(string block) =>
    [
        new($"{block}.source[base64].type", Carried, Carried, Carried, Carried),
        new($"{block}.source[base64].media_type", Carried, Carried, Carried, Carried),
        new($"{block}.source[base64].data", Carried, Carried, Carried, Carried),
    ];

    private static FieldRule FileSource(string block) =>
        new($"{block}.source[file]", Refused, Refused, Carried, Refused) { Note = "A file that lies at the provider." };
}
