using System.Collections.Frozen;

namespace AIHigress.TestKit.Grammar.Messages;

/// <summary>What streams and plain messages share.</summary>
internal static class MessageShape
{
    private static readonly FrozenSet<string> StopReasons =
        FrozenSet.Create("end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded");

    private static readonly FrozenSet<string> CutOff = FrozenSet.Create("max_tokens", "refusal", "model_context_window_exceeded");

    /// <summary>Blocks made by tools that the provider runs itself; they come whole.</summary>
    public static bool IsHostedResult(string type) => type is "web_search_tool_result" or "web_fetch_tool_result" or "code_execution_tool_result"
        or "bash_code_execution_tool_result" or "text_editor_code_execution_tool_result" or "tool_search_tool_result" or "container_upload";

    public static void CheckHead(Node message, string rule)
    {
        message.Is("type", "message", rule);
        message.Is("role", "assistant", rule);
        message.Name("id", rule);
        message.Name("model", rule);
        message.Array("content", rule);
        message.Member("stop_reason", rule);
        message.Member("stop_sequence", rule);
    }

    /// <summary>The reason is known, fits the blocks, and a stop sequence is named exactly where one was met.</summary>
    public static string CheckStop(Node holder, bool hasToolUse)
    {
        holder.IsOneOf("stop_reason", StopReasons, "stop-reason");
        var reason = holder.Text("stop_reason");
        holder.Require(reason != "tool_use" || hasToolUse, "stop-tools");
        holder.Require(!hasToolUse || reason is not ("end_turn" or "stop_sequence"), "stop-tools");
        holder.Require(holder.Has("stop_sequence") == (reason == "stop_sequence"), "stop-sequence");
        return reason;
    }

    /// <summary>Whether arguments may end in the middle.</summary>
    public static bool IsCutOff(string stopReason) => CutOff.Contains(stopReason);

    public static SeenError ReadError(Node body)
    {
        const string rule = "error-shape";
        body.Is("type", "error", rule);
        var error = body.Object("error", rule);
        return new SeenError(error.Name("type", rule), null, error.Name("message", rule));
    }
}
