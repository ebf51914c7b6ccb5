using System.Text.Json;

namespace AIHigress.Wire.Translation.Losses;

/// <summary>
/// The fields of one protocol's requests and their fate over every target: the one place that decides what is lost, read by routing (which
/// candidates can take a request), by the answer's headers and by the documentation.
/// </summary>
public sealed class FieldTable
{
    private readonly FieldNode _root = new("");

    public FieldTable(WireProtocol protocol, IReadOnlyList<FieldRule> rules)
    {
        Protocol = protocol;
        Rules = rules;
        foreach (var rule in rules.Where(r => r.When is null))
        {
            _root.Add(rule);
        }
    }

    public WireProtocol Protocol { get; }

    public IReadOnlyList<FieldRule> Rules { get; }

    /// <summary>The fields that a request uses. Unknown members are noted by their path.</summary>
    public FieldsUsed Find(JsonElement request)
    {
        var found = new FieldsUsed(Protocol);
        if (request.ValueKind == JsonValueKind.Object)
        {
            _root.Walk(request, found);
            foreach (var rule in Rules.Where(r => r.When is not null && r.When(request)))
            {
                found.Add(rule);
            }
        }

        return found;
    }

    /// <summary>The same for a body; throws <see cref="WireFormatException"/> when it is not JSON.</summary>
    public FieldsUsed Find(ReadOnlyMemory<byte> body)
    {
        using var document = Json.JsonTree.Parse(body);
        return Find(document.RootElement);
    }
}
