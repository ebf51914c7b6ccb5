using System.Collections.Frozen;

namespace AIHigress.TestKit.Grammar.Gemini;

/// <summary>Closed lists and counts. The UNSPECIFIED values of the lists are never sent.</summary>
internal static class GeminiShape
{
    public static readonly FrozenSet<string> FinishReasons = FrozenSet.Create(
        "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "LANGUAGE", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL",
        "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
        "MISSING_THOUGHT_SIGNATURE", "MALFORMED_RESPONSE");

    public static readonly FrozenSet<string> BlockReasons = FrozenSet.Create(
        "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK");

    /// <summary>Thoughts and the prompts of tools are counted beside prompt and candidates; a count of 0 may be left out.</summary>
    public static IReadOnlyDictionary<string, long> ReadUsage(Node last)
    {
        var usage = last.Object("usageMetadata", "usage-missing");
        var counts = UsageNumbers.Read(usage);
        usage.Require(counts.ContainsKey("promptTokenCount") && counts.ContainsKey("totalTokenCount"), "usage-members");
        var sum = counts.Of("promptTokenCount") + counts.Of("candidatesTokenCount") + counts.Of("thoughtsTokenCount") + counts.Of("toolUsePromptTokenCount");
        usage.Require(counts.Of("totalTokenCount") == sum, "usage-total");
        usage.Require(counts.Of("cachedContentTokenCount") <= counts.Of("promptTokenCount"), "usage-cached");
        return counts;
    }
}
