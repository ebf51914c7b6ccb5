using System.Collections.Concurrent;

namespace AIHigress.Wire.Json;

/// <summary>The two spellings of member names that Google's JSON takes: <c>mimeType</c> and <c>mime_type</c>.</summary>
internal static class JsonNames
{
    private static readonly ConcurrentDictionary<string, string> Snake = new(StringComparer.Ordinal);

    /// <summary>The name in camel case; as it is when it has no underscore.</summary>
    public static string ToCamelCase(string name)
    {
        if (!name.Contains('_', StringComparison.Ordinal))
        {
            return name;
        }

        var camel = new char[name.Length];
        return new string(camel, 0, ToCamelCase(name, camel));
    }

    /// <summary>Writes the name in camel case and returns its length, which is at most the name's.</summary>
    public static int ToCamelCase(ReadOnlySpan<char> name, Span<char> camel)
    {
        var length = 0;
        var isUpper = false;
        foreach (var c in name)
        {
            if (c == '_')
            {
                isUpper = length > 0;
                continue;
            }

            camel[length++] = isUpper ? char.ToUpperInvariant(c) : c;
            isUpper = false;
        }

        return length;
    }

    /// <summary>The name with underscores. Remembered: for names that stand in the code, not in requests.</summary>
    public static string ToSnakeCase(string name) => Snake.GetOrAdd(
        name, static camel => string.Concat(camel.Select(c => char.IsAsciiLetterUpper(c) ? $"_{char.ToLowerInvariant(c)}" : c.ToString())));
}
