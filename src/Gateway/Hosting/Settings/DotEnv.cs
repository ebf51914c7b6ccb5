namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>Reads .env: NAME=value lines, # comments, an optional "export ", values bare or in single or double quotes.</summary>
internal static class DotEnv
{
    public static IReadOnlyList<KeyValuePair<string, string?>> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return Parse(File.ReadAllLines(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException(path, $"can't be read: {e.Message}");
        }
    }

    public static IReadOnlyList<KeyValuePair<string, string?>> Parse(IReadOnlyList<string> lines, string path)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            line = line.StartsWith("export ", StringComparison.Ordinal) ? line[7..].TrimStart() : line;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new SettingException($"{path}:{i + 1}", "must be NAME=value");
            }

            pairs.Add(new(line[..equals].TrimEnd(), Value(line[(equals + 1)..].Trim())));
        }

        return pairs;
    }

    private static string Value(string text)
    {
        if (text.Length >= 2 && text[0] is '"' or '\'' && text.IndexOf(text[0], 1) is > 0 and var end)
        {
            var inner = text[1..end];
            return text[0] == '"' ? inner.Replace("\\n", "\n", StringComparison.Ordinal) : inner;
        }

        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? text : text[..comment].TrimEnd();
    }
}
