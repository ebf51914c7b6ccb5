using System.Text;

namespace AIHigress.TestKit.Grammar;

/// <summary>
/// What a client holds in the end, whatever the form it came in: a stream and a plain body of the same answer give equal observations.
/// </summary>
public sealed record SeenAnswer
{
    public string? Id { get; init; }

    public string? Model { get; init; }

    /// <summary>By rising index. Messages and Responses have one.</summary>
    public IReadOnlyList<SeenChoice> Choices { get; init; } = [];

    /// <summary>Every count under the protocol's own name, nested ones with a dot: prompt_tokens_details.cached_tokens.</summary>
    public IReadOnlyDictionary<string, long> Usage { get; init; } = new Dictionary<string, long>();

    public SeenError? Error { get; init; }

    /// <summary>The protocol's normal end was reached, without an error.</summary>
    public bool EndedProperly { get; init; }

    /// <summary>Choices and error in lines: what must survive a translation that gives its own id and counts.</summary>
    public string Content
    {
        get
        {
            var lines = new StringBuilder();
            foreach (var choice in Choices)
            {
                lines.Append("choice ").Append(choice.Index).Append(": ").Append(choice.Finish ?? "(unfinished)").Append('\n');
                lines.AppendJoin('\n', choice.Parts).Append('\n');
            }

            return Error is null ? lines.ToString() : lines.Append(Error).Append('\n').ToString();
        }
    }

    public bool Equals(SeenAnswer? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    public override string ToString()
    {
        var usage = string.Join(", ", Usage.OrderBy(u => u.Key, StringComparer.Ordinal).Select(u => $"{u.Key}={u.Value}"));
        return $"id {Id}\nmodel {Model}\n{Content}usage {usage}\nended properly: {EndedProperly}\n";
    }
}

/// <param name="Index">From 0.</param>
/// <param name="Finish">As the protocol spells it; Responses: the status, and for an incomplete one incomplete:reason.</param>
public sealed record SeenChoice(int Index, string? Finish, IReadOnlyList<SeenPart> Parts);

/// <param name="Text">Text, or the arguments of a call as compact JSON (as they came where they were cut off).</param>
/// <param name="Id">Of a call: what its result must name.</param>
/// <param name="Name">Of a called function; of an other part its type.</param>
/// <param name="Signature">Proof of reasoning that must be sent back unchanged.</param>
public sealed record SeenPart(SeenKind Kind, string Text, string? Id = null, string? Name = null, string? Signature = null);

public enum SeenKind
{
    Text,
    Reasoning,
    Refusal,
    ToolCall,

    /// <summary>Images, results of hosted tools: kept as JSON, not looked into.</summary>
    Other,
}

/// <param name="Type">Type or status, as the protocol spells it.</param>
public sealed record SeenError(string? Type, string? Code, string Message);
