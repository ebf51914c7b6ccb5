using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>The usage object of an answer.</summary>
internal static class ChatUsage
{
    public static string Json(Behaviour behaviour, int completion, int reasoning)
    {
        if (behaviour.ZeroUsage == true)
        {
            return """{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""";
        }

        var prompt = behaviour.PromptTokens?.ToString() ?? Template.PromptTokensHole.ToString();
        var total = behaviour.PromptTokens is { } known ? (known + completion).ToString() : Template.TotalTokensHole.ToString();
        var written = behaviour.CacheWriteTokens is { } tokens ? $",\"cache_write_tokens\":{tokens}" : "";
        return $$$"""{"prompt_tokens":{{{prompt}}},"completion_tokens":{{{completion}}},"total_tokens":{{{total}}},"prompt_tokens_details":{"cached_tokens":{{{behaviour.CachedTokens ?? 0}}}{{{written}}}},"completion_tokens_details":{"reasoning_tokens":{{{reasoning}}}}}""";
    }
}
