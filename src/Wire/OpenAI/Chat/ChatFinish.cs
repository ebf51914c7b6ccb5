using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Chat;

/// <summary>Chat's finish reasons and ours.</summary>
internal static class ChatFinish
{
    /// <param name="word">The upstream's word.</param>
    /// <param name="hasCalls">The choice calls tools: then it has not just stopped, whatever the server says.</param>
    /// <param name="hasRefusal">The choice holds a refusal, which Chat ends with <c>stop</c>.</param>
    public static FinishReason Read(string word, bool hasCalls, bool hasRefusal) => word switch
    {
        "length" or "max_tokens" or "model_length" => FinishReason.Length,
        "content_filter" or "safety" or "sensitive" => FinishReason.ContentFilter,
        "tool_calls" or "function_call" => FinishReason.ToolCalls,
        _ when hasCalls => FinishReason.ToolCalls,
        _ when hasRefusal => FinishReason.Refusal,
        _ => FinishReason.Stop,
    };

    /// <param name="reason">Why the choice ended.</param>
    /// <param name="hasRefusal">The choice holds the refusal's words; without them only the filter's word says it.</param>
    public static string Write(FinishReason reason, bool hasRefusal) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.ContentFilter => "content_filter",
        FinishReason.Refusal => hasRefusal ? "stop" : "content_filter",
        _ => "stop",
    };
}
