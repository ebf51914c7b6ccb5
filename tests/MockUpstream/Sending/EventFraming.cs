using AIHigress.MockUpstream.Scripting;

namespace AIHigress.MockUpstream.Sending;

/// <summary>Frames event data as server-sent events, plainly or in one of the odd ways the standard allows.</summary>
internal sealed class EventFraming(Behaviour behaviour)
{
    private readonly string _lineEnd = behaviour.Crlf == true ? "\r\n" : "\n";
    private readonly string _space = behaviour.NoSpace == true ? "" : " ";

    /// <summary>The frames of <paramref name="events"/>, comments and byte order mark included.</summary>
    public Frame[] Frames(IEnumerable<string> events, int completionTokens)
    {
        var frames = new List<Frame>();
        var start = behaviour.Bom == true ? "\uFEFF" : "";
        void Add(string text, bool isEvent)
        {
            frames.Add(new Frame(new Template(start + text, completionTokens), isEvent));
            start = "";
        }

        foreach (var text in events)
        {
            for (var i = 0; i < (behaviour.Comments ?? 0); i++)
            {
                Add($": ping{_lineEnd}{_lineEnd}", isEvent: false);
            }

            Add(text, isEvent: true);
        }

        return [.. frames];
    }

    public string Event(StreamEvent it)
    {
        var data = it.Data;
        var name = it.Name is null ? "" : $"event:{_space}{it.Name}{_lineEnd}";

        // A line break may stand wherever JSON allows white space: after the first brace and before the last.
        var lines = behaviour.MultiLineData == true && data.StartsWith('{') ? [data[..1], data[1..^1], data[^1..]] : new[] { data };
        return name + string.Concat(lines.Select(line => $"data:{_space}{line}{_lineEnd}")) + _lineEnd;
    }
}
