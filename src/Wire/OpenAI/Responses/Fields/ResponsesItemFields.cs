using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.OpenAI.Responses.ResponsesFields;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.OpenAI.Responses;

/// <summary>Rows of items that are not messages.</summary>
internal static class ResponsesItemFields
{
    private const string Thoughts = "Given back with their maker's signature; over Chat only inside a running tool loop.";

    public static IEnumerable<FieldRule> Rules() =>
    [
        .. Call("input[function_call]", "arguments"),
        .. Call("input[custom_tool_call]", "input"),
        .. Result("input[function_call_output]"),
        .. Result("input[custom_tool_call_output]"),
        All("input[local_shell_call].type", Carried),
        All("input[local_shell_call].call_id", Carried),
        All("input[local_shell_call].action", Carried, "The arguments of a function call."),
        .. Own("input[local_shell_call]"),
        All("input[local_shell_call_output].type", Carried),
        All("input[local_shell_call_output].id", Carried, "The call's id."),
        All("input[local_shell_call_output].call_id", Carried),
        All("input[local_shell_call_output].output", Carried),
        All("input[local_shell_call_output].status", Dropped, null, "\"completed\""),
        All("input[reasoning].type", Carried),
        All("input[reasoning].summary", Carried, Thoughts, "[]"),
        All("input[reasoning].content", Carried, Thoughts, "[]"),
        All("input[reasoning].encrypted_content", Carried, "Only its maker can read it: the request goes there, or without it."),
        .. Own("input[reasoning]"),
        .. HostedItems.Items.Select(type => All($"input[{type}]", Dropped, "Of a tool that OpenAI hosts.")),
        .. HostedItems.References.Select(type => All($"input[{type}]", Refused, "Stands for what lies at OpenAI.")),
        All("input[*]", Refused),
    ];

    private static IEnumerable<FieldRule> Call(string path, string text) =>
    [
        All($"{path}.type", Carried),
        All($"{path}.call_id", Carried),
        All($"{path}.name", Carried),
        All($"{path}.namespace", Carried, "Put in front of the name."),
        All($"{path}.{text}", Carried),
        Caller(path),
        .. Own(path),
    ];

    private static IEnumerable<FieldRule> Result(string path) =>
    [
        All($"{path}.type", Carried),
        All($"{path}.call_id", Carried),
        All($"{path}.output", Carried),
        .. ResponsesMessageFields.Media($"{path}.output", fileOverChat: Refused, nameOverChat: Dropped),
        All($"{path}.output[*]", Refused),
        Caller(path),
        .. Own(path),
    ];

    private static FieldRule Caller(string path) => All($"{path}.caller", Dropped, "A program that ran at OpenAI.", """{"type":"direct"}""");

    private static IEnumerable<FieldRule> Own(string path) =>
    [
        All($"{path}.id", Dropped, "Means something to its maker only."),
        All($"{path}.status", Dropped, null, "\"completed\""),
    ];
}
