using AIHigress.Wire.Translation.Losses;
using static AIHigress.Wire.Translation.Losses.Fate;

namespace AIHigress.Wire.OpenAI.Chat.Fields;

/// <summary>Tools, and which of them is to be called.</summary>
internal static class ChatToolFields
{
    public static IReadOnlyList<FieldRule> Rules { get; } =
    [
        new("tools[function].type", Carried, Carried, Carried, Carried),
        new("tools[function].function.name", Carried, Carried, Carried, Carried),
        new("tools[function].function.description", Carried, Carried, Carried, Carried),
        new("tools[function].function.parameters", Carried, Carried, Carried, Carried),
        new("tools[function].function.strict", Carried, Carried, Carried, Dropped) { Neutral = ["false"] },
        new("tools[function].cache_control", Carried, Dropped, Carried, Dropped) { Note = "Anthropic's; not OpenAI's." },
        new("tools[custom].type", Carried, Carried, Carried, Carried) { Note = "A function with one text argument, input, where there are no custom tools; its calls are turned back." },
        new("tools[custom].custom.name", Carried, Carried, Carried, Carried),
        new("tools[custom].custom.description", Carried, Carried, Carried, Carried),
        new("tools[custom].custom.format", Carried, Carried, Carried, Dropped) { Neutral = ["{\"type\":\"text\"}"], Note = "Messages: told in words, not enforced." },
        new("tools[*]", Carried, Dropped, Dropped, Dropped) { Note = "A hosted tool: an offer that only its own server can keep." },
        new("tool_choice", Carried, Carried, Carried, Carried) { Neutral = ["\"auto\""] },
        new("tool_choice[function]", Carried, Carried, Carried, Carried),
        new("tool_choice[custom]", Carried, Carried, Carried, Carried),
        new("tool_choice[allowed_tools]", Carried, Carried, Carried, Carried) { Note = "Towards Anthropic only the allowed tools are offered." },
        new("tool_choice[*]", Carried, Refused, Refused, Refused) { Note = "It forces a hosted tool." },
        new("parallel_tool_calls", Carried, Carried, Carried, Dropped) { Neutral = ["true"] },
        new("functions", Carried, Carried, Carried, Carried) { Neutral = ["[]"], Note = "The forerunner of tools; written as tools." },
        new("function_call", Carried, Carried, Carried, Carried) { Neutral = ["\"auto\""], Note = "The forerunner of tool_choice; written as that." },
    ];
}
