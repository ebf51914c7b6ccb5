using System.Collections;
using System.Globalization;
using System.Reflection;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>
/// A value as a list of paths and what stands there: <c>Messages[0].Parts[1].Text = "x"</c>. What is null has no line; a list has a line with its
/// length, so that an empty list and a missing one differ; a record has a line with its type.
/// </summary>
internal static class PathList
{
    public static IReadOnlyList<KeyValuePair<string, string>> Of(object? value)
    {
        var lines = new List<KeyValuePair<string, string>>();
        Add(value, "", lines);
        return lines;
    }

    public static string Show(object? value) => string.Join("\n", Of(value).Select(line => $"{line.Key} = {line.Value}"));

    /// <summary>One line per path at which the two are not the same: the path and both values.</summary>
    public static IReadOnlyList<string> Differences(object? expected, object? actual)
    {
        var left = Of(expected);
        var right = Of(actual).ToDictionary(l => l.Key, l => l.Value);
        var known = left.ToDictionary(l => l.Key, l => l.Value);
        return
        [
            .. left.Where(l => right.GetValueOrDefault(l.Key) != l.Value).Select(l => $"{l.Key}: expected {l.Value}, got {right.GetValueOrDefault(l.Key, "nothing")}"),
            .. right.Where(l => !known.ContainsKey(l.Key)).Select(l => $"{l.Key}: expected nothing, got {l.Value}"),
        ];
    }

    private static void Add(object? value, string path, List<KeyValuePair<string, string>> lines)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                lines.Add(new(path, $"\"{text}\""));
                break;
            case IEnumerable list:
                AddList(list, path, lines);
                break;
            default:
                AddOther(value, path, lines);
                break;
        }
    }

    private static void AddList(IEnumerable list, string path, List<KeyValuePair<string, string>> lines)
    {
        var place = lines.Count;
        var length = 0;
        foreach (var element in list)
        {
            Add(element, $"{path}[{length++}]", lines);
        }

        lines.Insert(place, new($"{path}.Count", length.ToString(CultureInfo.InvariantCulture)));
    }

    private static void AddOther(object value, string path, List<KeyValuePair<string, string>> lines)
    {
        var type = value.GetType();
        if (type.IsPrimitive || type.IsEnum)
        {
            lines.Add(new(path, Convert.ToString(value, CultureInfo.InvariantCulture)!));
            return;
        }

        lines.Add(new($"{path}:", type.Name));
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
        {
            Add(property.GetValue(value), path.Length == 0 ? property.Name : $"{path}.{property.Name}", lines);
        }
    }
}
