using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>Counts what generated values held, so that a property that never met a kind of part can't pass for one that holds for it.</summary>
internal sealed class Census
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Members of the two forms that exist; what of them never occurred.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<string> wanted) => [.. wanted.Where(name => !_counts.ContainsKey(name))];

    public void Add(ModelRequest request)
    {
        foreach (var (path, value) in PathList.Of(request))
        {
            Note(path, value);
        }

        foreach (var message in request.Messages)
        {
            Notice($"{message.Role} turn");
            foreach (var part in message.Parts)
            {
                Notice($"{message.Role}: {part.GetType().Name}");
                foreach (var inner in (part as ToolResultPart)?.Content ?? [])
                {
                    Notice($"ToolResult: {inner.GetType().Name}");
                }
            }

            if (message.Parts.Count(p => p is ToolCallPart) > 1)
            {
                Notice("parallel calls");
            }
        }
    }

    public void Add(ModelAnswer answer)
    {
        foreach (var (path, value) in PathList.Of(answer))
        {
            Note(path, value);
        }

        foreach (var choice in answer.Choices)
        {
            foreach (var part in choice.Parts)
            {
                Notice($"Answer: {part.GetType().Name}");
            }

            if (choice.Parts.Count(p => p is ToolCallPart) > 1)
            {
                Notice("parallel calls");
            }
        }

        Notice(answer.Choices.Count > 1 ? "several choices" : "one choice");
    }

    public void Add(IReadOnlyList<SinkCall> calls)
    {
        var open = new HashSet<int>();
        foreach (var call in calls)
        {
            Notice(call.GetType().Name);
            if (call is SinkCall.BeginPart begin)
            {
                open.Add(begin.Head.Part);
            }
            else if (call is SinkCall.EndPart end)
            {
                open.Remove(end.Part);
            }
            else if (call is SinkCall.Piece && open.Count > 1)
            {
                Notice("piece beside an open part");
            }
        }
    }

    public void Notice(string name) => _counts[name] = _counts.GetValueOrDefault(name) + 1;

    public override string ToString() => _counts.Aggregate(new StringBuilder(), (text, c) => text.Append($"{c.Value,8}  {c.Key}\n")).ToString();

    // Options by name, enums by value, zeros of counts apart: an explicit 0 is a case of its own.
    private void Note(string path, string value)
    {
        var name = path.Split('.')[^1].Split('[')[0];
        var isWord = path.EndsWith("Finish", StringComparison.Ordinal) || path.EndsWith("Kind", StringComparison.Ordinal) || path.EndsWith("Mode", StringComparison.Ordinal) || path.EndsWith("Maker", StringComparison.Ordinal);
        if (isWord)
        {
            Notice($"{name}.{value}");
        }
        else if (name.Length > 0 && name != "Count" && value is not ("False" or "\"\""))
        {
            Notice(value == "0" ? $"{name} = 0" : name.TrimEnd(':'));
        }
        else if (value == "False" && name is "Strict" or "ParallelToolCalls" or "ShowThoughts")
        {
            Notice($"{name} = False");
        }
        else if (value == "\"\"")
        {
            Notice($"{name} empty");
        }
    }
}
