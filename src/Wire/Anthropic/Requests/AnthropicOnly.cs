using System.Collections.Frozen;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Content blocks that only Anthropic made and can read: traces of the tools that it runs itself. They mean nothing to another upstream.</summary>
internal static class AnthropicOnly
{
    public static readonly IReadOnlyList<string> Items =
    [
        "server_tool_use", "web_search_tool_result", "web_fetch_tool_result", "advisor_tool_result", "code_execution_tool_result",
        "bash_code_execution_tool_result", "text_editor_code_execution_tool_result", "tool_search_tool_result", "mcp_tool_use",
        "mcp_tool_result", "mcp_tool_listing", "fallback",
    ];

    // What changes the meaning of a request: the field table refuses it over every other target, so nothing is lost by reading over it.
    private static readonly FrozenSet<string> Refused =
        new[] { "container_upload", "tool_addition", "tool_removal", "browser_state" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Set = Items.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A known kind of block that has no place in the intermediate form.</summary>
    public static bool Has(string kind) => Set.Contains(kind) || Refused.Contains(kind);
}
