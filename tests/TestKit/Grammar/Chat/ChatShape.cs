using System.Collections.Frozen;

namespace AIHigress.TestKit.Grammar.Chat;

/// <summary>What chunks and completions share.</summary>
internal static class ChatShape
{
    public static readonly FrozenSet<string> FinishReasons = FrozenSet.Create("stop", "length", "tool_calls", "content_filter", "function_call");

    /// <summary>Vendors that show reasoning put it into one of these members of a message or delta.</summary>
    public static readonly string[] ReasoningMembers = ["reasoning_content", "reasoning"];

    private static readonly FrozenSet<string> MayBeNull =
        FrozenSet.Create("content", "refusal", "logprobs", "finish_reason", "usage", "system_fingerprint", "service_tier");

    // Token probabilities have nulls of their own: a token that is no text has no bytes.
    private static readonly FrozenSet<string> NotLookedInto = FrozenSet.Create("logprobs", "error");

    public static void CheckHead(Node body, string type)
    {
        body.Is("object", type, "object");
        body.Name("id");
        body.Name("model");
        body.Require(body.Count("created") > 0, "created");
        NullMembers.Refuse(body, MayBeNull, NotLookedInto);
    }

    public static IReadOnlyDictionary<string, long> ReadUsage(Node body)
    {
        var usage = body.Object("usage");
        var counts = UsageNumbers.Read(usage);
        usage.Require(counts.ContainsKey("prompt_tokens") && counts.ContainsKey("completion_tokens") && counts.ContainsKey("total_tokens"), "usage-members");
        usage.Require(counts.Of("total_tokens") == counts.Of("prompt_tokens") + counts.Of("completion_tokens"), "usage-total");
        usage.Require(counts.Of("prompt_tokens_details.cached_tokens") <= counts.Of("prompt_tokens"), "usage-cached");
        usage.Require(counts.Of("completion_tokens_details.reasoning_tokens") <= counts.Of("completion_tokens"), "usage-reasoning");
        return counts;
    }

    /// <summary>A forced call ends with stop, so calls need not end with tool_calls; but tool_calls needs calls.</summary>
    public static void CheckFinish(Node choice, string finish, IReadOnlyList<SeenPart> calls)
    {
        choice.Require(FinishReasons.Contains(finish), "finish-reason");
        choice.Require(finish != "tool_calls" || calls.Count > 0, "finish-tools");
        choice.Require(finish is "length" or "content_filter" || calls.All(c => CallArguments.AreObject(c.Text)), "tool-arguments");
    }

    /// <summary>A message says its kinds in members, not in an order: reasoning, text, refusal, calls.</summary>
    public static IReadOnlyList<SeenPart> Parts(string? reasoning, string? text, string? refusal, IEnumerable<SeenPart> calls)
    {
        var parts = new List<SeenPart>();
        Add(SeenKind.Reasoning, reasoning);
        Add(SeenKind.Text, text);
        Add(SeenKind.Refusal, refusal);
        parts.AddRange(calls.Select(c => c with { Text = CallArguments.Compact(c.Text) }));
        return parts;

        void Add(SeenKind kind, string? content)
        {
            if (!string.IsNullOrEmpty(content))
            {
                parts.Add(new SeenPart(kind, content));
            }
        }
    }
}
