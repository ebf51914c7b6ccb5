using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.Anthropic.Fields;

/// <summary>The rules of tools and tool choice.</summary>
internal static class ToolFields
{
    public static IEnumerable<FieldRule> Rules =>
    [
        .. Function("tools[]"),
        new("tools[custom].type", Carried, Carried, Carried, Carried),
        .. Function("tools[custom]"),
        MessagesFields.Hint("tools[*]") with { Note = "Tools that Anthropic runs or whose schema only its models know: web search, code execution, bash, computer, MCP and others." },
        new("tool_choice[auto].type", Carried, Carried, Carried, Carried),
        Parallel("tool_choice[auto]"),
        new("tool_choice[any].type", Carried, Carried, Carried, Carried),
        Parallel("tool_choice[any]"),
        new("tool_choice[tool].type", Carried, Carried, Carried, Carried),
        new("tool_choice[tool].name", Carried, Carried, Carried, Carried),
        new("tool_choice[tool].name[*]", Refused, Refused, Carried, Refused) { When = ForcedTools.AreHosted, Note = "It forces a tool that only Anthropic runs or knows." },
        Parallel("tool_choice[tool]"),
        new("tool_choice[none].type", Carried, Carried, Carried, Carried),
    ];

    private static IEnumerable<FieldRule> Function(string tool) =>
    [
        new($"{tool}.name", Carried, Carried, Carried, Carried),
        new($"{tool}.description", Carried, Carried, Carried, Carried),
        new($"{tool}.input_schema", Carried, Carried, Carried, Carried),
        new($"{tool}.strict", Carried, Carried, Carried, Dropped) { Neutral = ["false"] },
        MessagesFields.Hint($"{tool}.cache_control"),
        MessagesFields.Hint($"{tool}.allowed_callers") with { Neutral = ["[\"direct\"]"] },
        MessagesFields.Hint($"{tool}.defer_loading") with { Neutral = ["false"], Note = "The tool is offered from the start." },
        MessagesFields.Hint($"{tool}.eager_input_streaming"),
        MessagesFields.Hint($"{tool}.input_examples"),
    ];

    private static FieldRule Parallel(string choice) => new($"{choice}.disable_parallel_tool_use", Carried, Carried, Carried, Dropped) { Neutral = ["false"] };
}
