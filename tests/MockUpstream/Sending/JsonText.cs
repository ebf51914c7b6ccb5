using System.Text;

namespace AIHigress.MockUpstream.Sending;

/// <summary>JSON strings with only the escapes JSON demands, as providers write them: the framework's encoders escape emoji.</summary>
internal static class JsonText
{
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
