using System.Collections.Frozen;
using System.Text.Json;

namespace AIHigress.TestKit.Grammar.Responses;

/// <summary>The response object, as the plain body and inside the first and last events.</summary>
internal static class ResponseShape
{
    // Required by the published schema; those that may be null must still be there.
    private static readonly string[] Required =
    [
        "id", "object", "created_at", "status", "error", "incomplete_details", "instructions", "metadata", "model", "output",
        "parallel_tool_calls", "temperature", "tool_choice", "tools", "top_p",
    ];

    private static readonly FrozenSet<string> EndStates = FrozenSet.Create("completed", "incomplete", "failed", "cancelled");
    private static readonly FrozenSet<string> IncompleteReasons = FrozenSet.Create("max_output_tokens", "content_filter");

    public static void CheckMembers(Node response)
    {
        foreach (var name in Required)
        {
            response.Member(name);
        }

        response.Is("object", "response", "object");
        response.Name("id");
        response.Name("model");
        response.Name("status");
        response.Require(response.Member("created_at").Kind == JsonValueKind.Number, "members");
        response.Array("output");
        response.Array("tools");
        response.Require(response.Member("parallel_tool_calls").Kind is JsonValueKind.True or JsonValueKind.False, "members");
        response.Require(response.Member("tool_choice").Kind is JsonValueKind.String or JsonValueKind.Object, "members");
    }

    /// <summary>Checks what the status promises, and folds the output.</summary>
    public static SeenAnswer ReadEnded(Node response)
    {
        response.IsOneOf("status", EndStates, "status");
        var status = response.Text("status");
        CheckReason(response, status);
        var items = response.Array("output").Items().ToList();
        if (status is "completed" or "incomplete")
        {
            foreach (var item in items)
            {
                ItemShape.CheckEnded(item, mayBeCutOff: status == "incomplete");
            }
        }

        items.ForEach(item => item.Require(items.Count(i => i.Name("id", "item-id") == item.Name("id", "item-id")) == 1, "item-id"));
        return new SeenAnswer
        {
            Id = response.Text("id"),
            Model = response.Text("model"),
            Choices = [new SeenChoice(0, Finish(response, status), [.. items.SelectMany(ItemShape.Parts)])],
            Usage = ReadUsage(response, status),
            Error = status == "failed" ? ReadError(response.Object("error")) : null,
            EndedProperly = status is "completed" or "incomplete",
        };
    }

    private static void CheckReason(Node response, string status)
    {
        response.Require(response.Has("error") == (status == "failed"), "status-error");
        response.Require(response.Has("incomplete_details") == (status == "incomplete"), "status-incomplete");
        if (status == "incomplete")
        {
            response.Object("incomplete_details").IsOneOf("reason", IncompleteReasons, "incomplete-reason");
        }
    }

    private static string Finish(Node response, string status) =>
        status == "incomplete" ? $"incomplete:{response.Object("incomplete_details").Text("reason")}" : status;

    private static SeenError ReadError(Node error) => new(null, error.Name("code", "error-shape"), error.Name("message", "error-shape"));

    private static Dictionary<string, long> ReadUsage(Node response, string status)
    {
        if (!response.Has("usage") && status is ("failed" or "cancelled"))
        {
            return new Dictionary<string, long>();
        }

        var usage = response.Object("usage", "usage-missing");
        usage.Count("input_tokens", "usage-members");
        usage.Count("output_tokens", "usage-members");
        usage.Count("total_tokens", "usage-members");
        usage.Object("input_tokens_details", "usage-members").Count("cached_tokens", "usage-members");
        usage.Object("output_tokens_details", "usage-members").Count("reasoning_tokens", "usage-members");
        var counts = UsageNumbers.Read(usage);
        usage.Require(counts.Of("total_tokens") == counts.Of("input_tokens") + counts.Of("output_tokens"), "usage-total");
        usage.Require(counts.Of("input_tokens_details.cached_tokens") <= counts.Of("input_tokens"), "usage-cached");
        usage.Require(counts.Of("output_tokens_details.reasoning_tokens") <= counts.Of("output_tokens"), "usage-reasoning");
        return counts;
    }
}
