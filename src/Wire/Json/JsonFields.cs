using System.Text.Json;

namespace AIHigress.Wire.Json;

/// <summary>
/// The members of one object of a request, by type. Absent and null are the same; a wrong type is refused with the member's path
/// (<c>messages[2].content[0].text</c>) and the type expected.
/// </summary>
internal readonly struct JsonFields
{
    private readonly JsonElement _object;

    /// <param name="element">Anything; what is not an object is refused.</param>
    /// <param name="path">Path of the object from the root; empty for the root.</param>
    public JsonFields(JsonElement element, string path)
    {
        Path = path;
        _object = element.ValueKind == JsonValueKind.Object
            ? element
            : throw new WireFormatException(
                WireFormatException.InvalidRequest,
                path.Length == 0 ? "The body must be a JSON object." : $"'{path}' must be an object; it is {NameOf(element)}.",
                path.Length == 0 ? null : path);
    }

    public string Path { get; }

    public JsonElement Element => _object;

    public string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    /// <summary>The member, unless absent or null.</summary>
    public JsonElement? Get(string name) =>
        _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public bool Has(string name) => Get(name) is not null;

    public string? Text(string name) => Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? JsonTree.Text(value) : throw Wrong(name, "a string", value);

    public string RequireText(string name) => Text(name) ?? throw Missing(name);

    public bool? Flag(string name) => Get(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false", value);

    public double? Number(string name) => Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Wrong(name, "a number", value);

    /// <summary>Also when written 100.0 or 1e2, as some languages do.</summary>
    public long? Integer(string name)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            if (value.TryGetInt64(out var integer))
            {
                return integer;
            }

            if (value.TryGetDecimal(out var number) && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue)
            {
                return (long)number;
            }
        }

        throw Wrong(name, "an integer", value);
    }

    public JsonFields? Object(string name) => Get(name) is { } value ? new JsonFields(value, PathOf(name)) : null;

    /// <summary>The elements of an array, each with its path; empty when absent.</summary>
    public IEnumerable<(JsonElement Value, string Path)> Elements(string name)
    {
        if (Get(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, "an array", value);
        }

        var path = PathOf(name);
        return value.EnumerateArray().Select((element, i) => (element, $"{path}[{i}]"));
    }

    /// <summary>Any value as it was sent; null when absent.</summary>
    public string? Raw(string name) => Get(name) is { } value ? JsonTree.Raw(value) : null;

    public WireFormatException Missing(string name) => new(
        WireFormatException.InvalidRequest, $"'{PathOf(name)}' is missing.", PathOf(name));

    public WireFormatException Wrong(string name, string expected, JsonElement value) => new(
        WireFormatException.InvalidRequest, $"'{PathOf(name)}' must be {expected}; it is {NameOf(value)}.", PathOf(name));

    /// <summary>A value that is of the right type and not one of those allowed.</summary>
    public WireFormatException Bad(string name, string rule) => new(
        WireFormatException.InvalidRequest, $"'{PathOf(name)}' {rule}.", PathOf(name));

    public static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number of another kind",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
