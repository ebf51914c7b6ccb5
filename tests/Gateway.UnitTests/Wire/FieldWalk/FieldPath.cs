using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>Takes what stands at a rule's path out of a body.</summary>
internal static partial class FieldPath
{
    public static string Remove(string body, string path)
    {
        var root = JsonNode.Parse(body)!;
        Remove(root, [.. Steps().Matches(path).Select(m => m.Value)], 0);
        return root.ToJsonString();
    }

    // True: the node itself is to go.
    private static bool Remove(JsonNode? node, string[] steps, int at)
    {
        if (at == steps.Length)
        {
            return true;
        }

        var step = steps[at];
        if (step[0] != '[')
        {
            if (node is JsonObject members && members.TryGetPropertyValue(step, out var member) && Remove(member, steps, at + 1))
            {
                members.Remove(step);
            }

            return false;
        }

        if (node is JsonArray elements)
        {
            foreach (var element in elements.Where(e => Matches(e, step[1..^1])).ToList())
            {
                if (Remove(element, steps, at + 1))
                {
                    elements.Remove(element);
                }
            }

            return false;
        }

        return Matches(node, step[1..^1]) && Remove(node, steps, at + 1);
    }

    private static bool Matches(JsonNode? node, string variant)
    {
        if (variant is "" or "*")
        {
            return true;
        }

        if (node is not JsonObject members)
        {
            return false;
        }

        var name = members["type"] ?? members["role"];
        var media = members["mimeType"]?.GetValue<string>();
        var kind = name?.GetValue<string>() ?? (media == "application/pdf" ? "pdf" : media?.Split('/')[0]);
        return kind == variant;
    }

    [GeneratedRegex(@"\[[^\]]*\]|[^.\[]+", RegexOptions.None, 1000)]
    private static partial Regex Steps();
}
