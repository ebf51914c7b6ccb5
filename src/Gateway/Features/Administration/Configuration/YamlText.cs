using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>Writes the subset of YAML that gateway.yaml uses, with comments. Fields that are null, empty or a default are left out by the caller passing null.</summary>
internal sealed partial class YamlText
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly StringBuilder _text = new();
    private int _indent;
    private bool _startsItem;

    public void Comment(string comment) => Line($"# {comment}");

    public void Field(string name, string? value)
    {
        if (value is not null)
        {
            Line($"{Scalar(name)}: {Scalar(value)}");
        }
    }

    public void Field(string name, double? value)
    {
        if (value is { } number)
        {
            Line($"{name}: {number.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    public void Field(string name, bool? value)
    {
        if (value is { } flag)
        {
            Line($"{name}: {(flag ? "true" : "false")}");
        }
    }

    public void Field(string name, IReadOnlyCollection<string>? values)
    {
        if (values is { Count: > 0 })
        {
            Line($"{name}: [{string.Join(", ", values.Select(Scalar))}]");
        }
    }

    /// <summary>A list or mapping in its own lines; nothing at all when it has no items.</summary>
    public void Section<T>(string name, IReadOnlyCollection<T> items, Action<T> write)
    {
        if (items.Count == 0)
        {
            return;
        }

        Line($"{name}:");
        _indent++;
        foreach (var item in items)
        {
            write(item);
        }

        _indent--;
    }

    /// <summary>One item of a list: the first field carries the dash.</summary>
    public void Item(Action write)
    {
        _startsItem = true;
        _indent++;
        write();
        _indent--;
        _startsItem = false;
    }

    /// <summary>A number as the item of a list.</summary>
    public void Raw(int value) => Line(value.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();

    private void Line(string line)
    {
        var spaces = new string(' ', _indent * 2);
        _text.Append(_startsItem && !line.StartsWith('#') ? $"{spaces[..^2]}- " : spaces).Append(line).Append('\n');
        _startsItem = _startsItem && line.StartsWith('#');
    }

    private static string Scalar(string value) =>
        Plain().IsMatch(value) && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            && value.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n")
            ? value
            : JsonSerializer.Serialize(value, Quoted);

    [GeneratedRegex("^[A-Za-z0-9/](?:[A-Za-z0-9._/@-]|:(?=[A-Za-z0-9/]))*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
