using System.Text.Json;

namespace AIHigress.TestKit.Grammar;

/// <summary>Counts of a usage object by name; words, nulls and lists beside them are not counts.</summary>
internal static class UsageNumbers
{
    public static Dictionary<string, long> Read(Node usage)
    {
        var counts = new Dictionary<string, long>();
        Collect(usage, "", counts);
        return counts;
    }

    /// <summary>0 where the protocol left it out.</summary>
    public static long Of(this IReadOnlyDictionary<string, long> counts, string name) => counts.GetValueOrDefault(name);

    private static void Collect(Node usage, string prefix, Dictionary<string, long> counts)
    {
        foreach (var member in usage.Value.EnumerateObject())
        {
            var node = usage.Member(member.Name);
            if (node.Kind == JsonValueKind.Object)
            {
                Collect(node, $"{prefix}{member.Name}.", counts);
            }
            else if (node.Kind == JsonValueKind.Number)
            {
                node.Require(node.Value.TryGetInt64(out var count), "usage-integer");
                node.Require(count >= 0, "usage-negative");
                counts[prefix + member.Name] = count;
            }
        }
    }
}
