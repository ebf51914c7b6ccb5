namespace AIHigress.TestKit.Grammar;

/// <summary>The lines of one event, before its blank line.</summary>
internal sealed class SseBlock
{
    private readonly List<string> _data = [];
    private string? _name;

    public bool HasFields { get; private set; }

    public void Take(int number, string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon == 0)
        {
            return;
        }

        HasFields = true;
        var field = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? "" : line[(colon + 1)..];
        value = value.StartsWith(' ') ? value[1..] : value;
        switch (field)
        {
            case "data":
                _data.Add(value);
                break;
            case "event" when _name is null && value.Length > 0:
                _name = value;
                break;
            case "id" or "retry":
                break;
            default:
                throw new GrammarException(number, "sse-field", line);
        }
    }

    /// <summary>Null for a block of comments or nothing.</summary>
    public SseFrame? Close(int number)
    {
        if (!HasFields)
        {
            return null;
        }

        var data = string.Join('\n', _data);
        return string.IsNullOrWhiteSpace(data)
            ? throw new GrammarException(number, "sse-empty-data", $"event {_name ?? "(unnamed)"} has no data")
            : new SseFrame(number, _name, data);
    }
}
