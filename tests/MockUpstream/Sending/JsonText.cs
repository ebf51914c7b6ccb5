using System.Text;

namespace AIHigress.MockUpstream.Sending;

/// <summary>JSON strings with only the escapes JSON demands, as providers write them: the framework's encoders escape emoji.</summary>
internal static class JsonText
{
    /// <summary>A JSON object of the members that are there.</summary>
    public static string Object(params IEnumerable<(string Name, string? Json)> members) =>
        $"{{{string.Join(',', members.Where(m => m.Json is not null).Select(m => $"\"{m.Name}\":{m.Json}"))}}}";

    public static string Array(IEnumerable<string> elements) => $"[{string.Join(',', elements)}]";

    public static string Bool(bool value) => value ? "true" : "false";

    /// <summary>The string in quotes, or <c>null</c>.</summary>
    public static string Quote(string? value)
    {
        if (value is null)
        {
            return "null";
        }

        var json = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => json.Append('\\').Append(c),
                '\n' => json.Append("\\n"),
                < ' ' => json.Append($"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        return json.Append('"').ToString();
    }
}
