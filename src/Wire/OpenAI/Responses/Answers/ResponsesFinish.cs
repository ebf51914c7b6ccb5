using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>
/// Finish reasons. The protocol knows completed and incomplete, with a reason; calls and refusals are to be seen from the output.
/// </summary>
internal static class ResponsesFinish
{
    public const string MaxOutputTokens = "max_output_tokens";
    public const string ContentFilter = "content_filter";

    /// <summary>Why the answer is incomplete; null when it is completed. A paused turn is not complete, and no other word fits it.</summary>
    /// <param name="hasRefusal">A refusal is part of the output, so that the client sees it there.</param>
    public static string? IncompleteReason(FinishReason reason, bool hasRefusal) => reason switch
    {
        FinishReason.Length or FinishReason.Pause => MaxOutputTokens,
        FinishReason.ContentFilter => ContentFilter,
        FinishReason.Refusal when !hasRefusal => ContentFilter,
        _ => null,
    };

    public static FinishReason Read(bool isIncomplete, string? reason, bool hasCalls, bool hasRefusal) => (isIncomplete, reason) switch
    {
        (true, ContentFilter) => FinishReason.ContentFilter,
        (true, _) => FinishReason.Length,
        _ => hasCalls ? FinishReason.ToolCalls : hasRefusal ? FinishReason.Refusal : FinishReason.Stop,
    };
}
