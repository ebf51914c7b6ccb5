using System.Text.Json;
using AIHigress.MockUpstream.Answering;

namespace AIHigress.MockUpstream.Gemini;

/// <summary>The fields of one of Google's messages; others are refused.</summary>
internal sealed class ProtoNames(params IEnumerable<string> names)
{
    private readonly HashSet<string> _known = names.SelectMany(name => new[] { name, ProtoText.Snake(name) }).ToHashSet(StringComparer.Ordinal);

    /// <exception cref="RequestRefusedException">It is no object, or has a field that is not among them.</exception>
    public void Check(JsonElement message, string at)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw new RequestRefusedException(400, $"Invalid value at '{at}': an object is expected.");
        }

        foreach (var member in message.EnumerateObject())
        {
            if (!_known.Contains(member.Name))
            {
                var place = at.Length == 0 ? "" : $" at '{at}'";
                throw new RequestRefusedException(400, $"Invalid JSON payload received. Unknown name \"{member.Name}\"{place}: Cannot find field.");
            }
        }
    }
}

internal static class ProtoText
{
    public static string Snake(string camel) => JsonNamingPolicy.SnakeCaseLower.ConvertName(camel);

    /// <summary>The member by its name in camel or in snake case, unless it is missing or null.</summary>
    public static JsonElement? Either(this JsonElement message, string camel) => message.Get(camel) ?? message.Get(Snake(camel));
}
