using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Anthropic;

/// <summary>Anthropic's stop reasons and ours, both ways.</summary>
internal static class StopReasons
{
    private static readonly (string Word, FinishReason Reason)[] Words =
    [
        ("end_turn", FinishReason.Stop),
        ("stop_sequence", FinishReason.Stop),
        ("max_tokens", FinishReason.Length),
        ("model_context_window_exceeded", FinishReason.Length),
        ("tool_use", FinishReason.ToolCalls),
        ("refusal", FinishReason.Refusal),
        ("pause_turn", FinishReason.Pause),
        ("compaction", FinishReason.Pause),
    ];

    /// <summary>A word that nobody knows is a normal end. Servers that say end_turn beside calls, or tool_use without one, are put right.</summary>
    public static FinishReason Read(string? word, bool hasCalls)
    {
        var reason = Array.Find(Words, w => w.Word == word) is { Word: not null } known ? known.Reason : FinishReason.Stop;
        return Agree(reason, hasCalls);
    }

    public static string Write(FinishReason reason, string? stopSequence, bool hasCalls) => Agree(reason, hasCalls) switch
    {
        FinishReason.Length => "max_tokens",
        FinishReason.ToolCalls => "tool_use",
        FinishReason.ContentFilter or FinishReason.Refusal => "refusal",
        FinishReason.Pause => "pause_turn",
        _ => stopSequence is null ? "end_turn" : "stop_sequence",
    };

    private static FinishReason Agree(FinishReason reason, bool hasCalls) => reason switch
    {
        FinishReason.Stop when hasCalls => FinishReason.ToolCalls,
        FinishReason.ToolCalls when !hasCalls => FinishReason.Stop,
        _ => reason,
    };
}
