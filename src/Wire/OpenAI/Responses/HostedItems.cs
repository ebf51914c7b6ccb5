namespace AIHigress.Wire.OpenAI.Responses;

/// <summary>Items and tools that mean something to OpenAI's servers only.</summary>
internal static class HostedItems
{
    /// <summary>What hosted tools were called for and answered: a conversation can be followed without it.</summary>
    public static readonly IReadOnlyList<string> Items =
    [
        "file_search_call", "web_search_call", "computer_call", "computer_call_output", "code_interpreter_call", "image_generation_call",
        "mcp_list_tools", "mcp_approval_request", "mcp_approval_response", "mcp_call", "shell_call", "shell_call_output", "apply_patch_call",
        "apply_patch_call_output", "tool_search_call", "tool_search_output", "ghost_snapshot",
    ];

    /// <summary>What stands for parts of the conversation that only OpenAI has.</summary>
    public static readonly IReadOnlyList<string> References = ["item_reference", "compaction", "compaction_trigger"];

    public static readonly IReadOnlyList<string> Tools =
    [
        "file_search", "web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11", "computer", "computer_use_preview",
        "code_interpreter", "image_generation", "mcp", "shell", "apply_patch", "tool_search", "programmatic_tool_calling",
    ];

    public static bool IsKnownItem(string type) => Items.Contains(type) || References.Contains(type);
}
