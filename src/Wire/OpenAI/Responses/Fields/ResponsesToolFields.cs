using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.OpenAI.Responses.ResponsesFields;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.OpenAI.Responses;

/// <summary>Rows of tools and their choice.</summary>
internal static class ResponsesToolFields
{
    public static IEnumerable<FieldRule> Rules() =>
    [
        .. Function("tools[function]"),
        .. Custom("tools[custom]"),
        All("tools[local_shell]", Carried, "Offered as a function; its calls come back as local_shell_call."),
        All("tools[namespace].type", Carried),
        All("tools[namespace].name", Carried, "Put in front of the tools' names; calls come back taken apart."),
        All("tools[namespace].description", Dropped),
        .. Function("tools[namespace].tools[function]"),
        .. Custom("tools[namespace].tools[custom]"),
        All("tools[namespace].tools[*]", Dropped),
        .. HostedItems.Tools.Select(type => All($"tools[{type}]", Dropped, "Hosted by OpenAI.")),
        All("tools[*]", Dropped),
        All("tool_choice", Carried, null, "\"auto\""),
        All("tool_choice[function]", Carried),
        All("tool_choice[custom]", Carried),
        All("tool_choice[local_shell]", Carried),
        All("tool_choice[allowed_tools]", Carried),
        All("tool_choice[*]", Refused, "Forces a tool that OpenAI hosts."),
        Row("parallel_tool_calls", Carried, Carried, Dropped, null, "true"),
    ];

    private static IEnumerable<FieldRule> Function(string path) =>
    [
        All($"{path}.type", Carried),
        All($"{path}.name", Carried),
        All($"{path}.description", Carried),
        All($"{path}.parameters", Carried),
        Row($"{path}.strict", Carried, Carried, Dropped, null, "false"),
        All($"{path}.output_schema", Dropped),
        .. Loading(path),
    ];

    private static IEnumerable<FieldRule> Custom(string path) =>
    [
        All($"{path}.type", Carried),
        Row($"{path}.name", Carried, Carried, Carried, "Over Messages and Gemini a function with one text, input."),
        All($"{path}.description", Carried),
        Row($"{path}.format", Carried, Carried, Dropped, "Messages: told in words, not enforced.", """{"type":"text"}"""),
        .. Loading(path),
    ];

    private static IEnumerable<FieldRule> Loading(string path) =>
    [
        All($"{path}.defer_loading", Dropped, "All tools are offered at once.", "false"),
        All($"{path}.allowed_callers", Dropped, null, "[\"direct\"]"),
    ];
}
