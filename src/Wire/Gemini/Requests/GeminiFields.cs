using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>The members of one object of a Gemini request, under their names in camel case or with underscores; both at once are one member twice.</summary>
internal readonly struct GeminiFields
{
    private readonly JsonFields _fields;

    public GeminiFields(JsonElement element, string path) => _fields = new JsonFields(element, path);

    private GeminiFields(JsonFields fields) => _fields = fields;

    public string Path => _fields.Path;

    public JsonElement Element => _fields.Element;

    public JsonElement? Get(string name) => _fields.Get(Own(name));

    public bool Has(string name) => Get(name) is not null;

    public string? Text(string name) => _fields.Text(Own(name));

    public string RequireText(string name) => Text(name) is { Length: > 0 } text ? text : throw _fields.Missing(name);

    public bool? Flag(string name) => _fields.Flag(Own(name));

    public double? Number(string name) => _fields.Number(Own(name));

    /// <summary>Also as a string, which is how Google writes 64-bit integers.</summary>
    public long? Integer(string name) =>
        Get(name) is { ValueKind: JsonValueKind.String } value && long.TryParse(JsonTree.Text(value), out var integer) ? integer : _fields.Integer(Own(name));

    public GeminiFields? Object(string name) => _fields.Object(Own(name)) is { } fields ? new GeminiFields(fields) : null;

    public string? Raw(string name) => _fields.Raw(Own(name));

    /// <summary>The elements of an array; an object in place of an array is its only element, as Google takes it.</summary>
    public IEnumerable<(JsonElement Value, string Path)> Elements(string name)
    {
        var own = Own(name);
        return _fields.Get(own) is { ValueKind: JsonValueKind.Object } only ? [(only, _fields.PathOf(own))] : _fields.Elements(own);
    }

    public IReadOnlyList<string> Texts(string name)
    {
        var texts = new List<string>();
        foreach (var (value, path) in _fields.Elements(Own(name)))
        {
            texts.Add(value.ValueKind == JsonValueKind.String
                ? JsonTree.Text(value)
                : throw new WireFormatException(WireFormatException.InvalidRequest, $"'{path}' must be a string; it is {JsonFields.NameOf(value)}.", path));
        }

        return texts;
    }

    public WireFormatException Missing(string name) => _fields.Missing(name);

    public WireFormatException Bad(string name, string rule) => _fields.Bad(Own(name), rule);

    private string Own(string name)
    {
        var snake = JsonNames.ToSnakeCase(name);
        if (ReferenceEquals(snake, name) || snake == name || !Element.TryGetProperty(snake, out _))
        {
            return name;
        }

        return Element.TryGetProperty(name, out _)
            ? throw new WireFormatException(WireFormatException.InvalidRequest, $"'{_fields.PathOf(name)}' is given twice, also as '{snake}'; send it once.", _fields.PathOf(name))
            : snake;
    }
}
