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

    private static readonly FrozenSet<string> Set = Items.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsItem(string kind) => Set.Contains(kind);
}
