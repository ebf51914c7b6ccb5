using System.Text.Json;

namespace AIHigress.TestKit.Grammar;

/// <summary>A JSON value with its place in the answer, so that every complaint can name it.</summary>
/// <param name="Event">Number of the event it came in; 0 for a plain body.</param>
/// <param name="Path">Such as choices[0].delta.</param>
internal readonly record struct Node(int Event, JsonElement Value, string Path)
{
    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false };

    public JsonValueKind Kind => Value.ValueKind;

    /// <summary>Reads a text that must be a JSON object.</summary>
    public static Node Parse(int number, string text)
    {
        var node = new Node(number, ParseElement(number, text), "");
        node.Require(node.Kind == JsonValueKind.Object, "json");
        return node;
    }

    public static JsonElement ParseElement(int number, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, NoDuplicates);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new GrammarException(number, "json", $"{e.Message} {text}");
        }
    }

    public GrammarException Fault(string rule) => new(Event, rule, $"{(Path.Length == 0 ? "" : $"{Path} = ")}{Value.GetRawText()}");

    public void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw Fault(rule);
        }
    }

    /// <summary>There and not null.</summary>
    public bool Has(string name) => Find(name) is { Kind: not JsonValueKind.Null };

    /// <summary>There, null or not.</summary>
    public Node? Find(string name) =>
        Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(name, out var member)
            ? new Node(Event, member, Path.Length == 0 ? name : $"{Path}.{name}")
            : null;

    public Node Member(string name, string rule = "members") =>
        Find(name) ?? throw new GrammarException(Event, rule, $"{name} is missing in {Path} {Value.GetRawText()}");

    public Node Object(string name, string rule = "members") => Of(name, JsonValueKind.Object, rule);

    public Node Array(string name, string rule = "members") => Of(name, JsonValueKind.Array, rule);

    public string Text(string name, string rule = "members") => Of(name, JsonValueKind.String, rule).Value.GetString()!;

    /// <summary>A string with at least one character.</summary>
    public string Name(string name, string rule = "members")
    {
        var text = Text(name, rule);
        Require(text.Length > 0, rule);
        return text;
    }

    /// <summary>Null where the member is absent or null; a fault where it is no string.</summary>
    public string? TextOrNull(string name, string rule = "members") => Has(name) ? Text(name, rule) : null;

    /// <summary>A whole number of 0 or more.</summary>
    public long Count(string name, string rule = "members")
    {
        var member = Of(name, JsonValueKind.Number, rule);
        member.Require(member.Value.TryGetInt64(out var count) && count >= 0, rule);
        return count;
    }

    public void Is(string name, string value, string rule) => Member(name, rule).Require(TextEquals(name, value), rule);

    public void IsOneOf(string name, IReadOnlySet<string> allowed, string rule)
    {
        var member = Of(name, JsonValueKind.String, rule);
        member.Require(allowed.Contains(member.Value.GetString()!), rule);
    }

    public IEnumerable<Node> Items()
    {
        var self = this;
        return Value.EnumerateArray().Select((item, i) => new Node(self.Event, item, $"{self.Path}[{i}]"));
    }

    private bool TextEquals(string name, string value) => Member(name) is { Kind: JsonValueKind.String } member && member.Value.ValueEquals(value);

    private Node Of(string name, JsonValueKind kind, string rule)
    {
        var member = Member(name, rule);
        member.Require(member.Kind == kind, rule);
        return member;
    }
}
