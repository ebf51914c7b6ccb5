using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>
/// Gives every call of a request an id, the same each time the request is read, and finds the call that a response answers. Gemini's calls
/// need no ids: responses without one answer the calls of their name in the order of these.
/// </summary>
internal sealed class GeminiCallIds
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<(string Id, string Name)> _open = [];
    private int _next;

    /// <summary>To be told before, so that no id made up meets one that was sent.</summary>
    public void Reserve(string id) => _used.Add(id);

    public string OfCall(string? id, string name)
    {
        var own = string.IsNullOrEmpty(id) ? Mint() : id;
        _open.Add((own, name));
        return own;
    }

    public string OfResponse(string? id, string name)
    {
        var call = string.IsNullOrEmpty(id) ? -1 : _open.FindIndex(c => c.Id == id);
        if (call < 0)
        {
            call = _open.FindIndex(c => c.Name == name);
        }

        if (call < 0)
        {
            return string.IsNullOrEmpty(id) ? Mint() : id;
        }

        var answered = _open[call].Id;
        _open.RemoveAt(call);
        return answered;
    }

    /// <summary>The same for parts whose ids are known, to find the name that a result must repeat.</summary>
    public static Dictionary<string, string> Names(IEnumerable<Message> messages)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var call in messages.SelectMany(m => m.Parts).OfType<ToolCallPart>())
        {
            names[call.Id] = call.Name;
        }

        return names;
    }

    private string Mint()
    {
        string id;
        do
        {
            id = $"call_{_next++}";
        }
        while (!_used.Add(id));

        return id;
    }
}
