using System.Text.Json;

namespace AIHigress.TestKit.Grammar;

/// <summary>Nulls that a protocol does not send: strict clients take them for a value of the wrong type.</summary>
internal static class NullMembers
{
    public static void Refuse(Node node, IReadOnlySet<string> allowed, IReadOnlySet<string> free)
    {
        if (node.Kind == JsonValueKind.Array)
        {
            foreach (var item in node.Items())
            {
                item.Require(item.Kind != JsonValueKind.Null, "null-member");
                Refuse(item, allowed, free);
            }
        }

        if (node.Kind == JsonValueKind.Object)
        {
            foreach (var name in node.Value.EnumerateObject().Select(m => m.Name).Where(n => !free.Contains(n)))
            {
                var member = node.Member(name);
                member.Require(member.Kind != JsonValueKind.Null || allowed.Contains(name), "null-member");
                Refuse(member, allowed, free);
            }
        }
    }
}
