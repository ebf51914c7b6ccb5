using System.Collections.Frozen;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Gemini.Answers;

/// <summary>Why an answer ended, both ways. https://ai.google.dev/api/generate-content#FinishReason</summary>
internal static class GeminiFinish
{
    private static readonly FrozenDictionary<string, FinishReason> Reasons = new Dictionary<string, FinishReason>
    {
        ["STOP"] = FinishReason.Stop,
        ["FINISH_REASON_UNSPECIFIED"] = FinishReason.Stop,
        ["MAX_TOKENS"] = FinishReason.Length,
        ["SAFETY"] = FinishReason.ContentFilter,
        ["RECITATION"] = FinishReason.ContentFilter,
        ["LANGUAGE"] = FinishReason.ContentFilter,
        ["BLOCKLIST"] = FinishReason.ContentFilter,
        ["PROHIBITED_CONTENT"] = FinishReason.ContentFilter,
        ["SPII"] = FinishReason.ContentFilter,
        ["MODEL_ARMOR"] = FinishReason.ContentFilter,
        ["IMAGE_SAFETY"] = FinishReason.ContentFilter,
        ["IMAGE_PROHIBITED_CONTENT"] = FinishReason.ContentFilter,
        ["IMAGE_RECITATION"] = FinishReason.ContentFilter,

        // Google gives no more of a reason; it is no end that the model chose.
        ["OTHER"] = FinishReason.ContentFilter,
        ["IMAGE_OTHER"] = FinishReason.ContentFilter,
        ["NO_IMAGE"] = FinishReason.ContentFilter,
        ["CONTINUATION"] = FinishReason.Pause,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // The model did not make a usable answer: an error, not an end.
    private static readonly FrozenSet<string> Failures = FrozenSet.Create(
        StringComparer.Ordinal, "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE", "MISSING_THOUGHT_SIGNATURE");

    public static bool IsFailure(string word) => Failures.Contains(word);

    /// <param name="word">Google's word; one that nobody knows counts as the model's own end.</param>
    /// <param name="hasCalls">Google says STOP when functions are to be called.</param>
    public static FinishReason Read(string word, bool hasCalls)
    {
        var reason = Reasons.GetValueOrDefault(word, FinishReason.Stop);
        return reason == FinishReason.Stop && hasCalls ? FinishReason.ToolCalls : reason;
    }

    public static string Write(FinishReason reason) => reason switch
    {
        FinishReason.Length => "MAX_TOKENS",
        FinishReason.ContentFilter or FinishReason.Refusal => "SAFETY",
        FinishReason.Pause => "CONTINUATION",
        _ => "STOP",
    };
}
