using System.Text;
using AIHigress.TestKit;
using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.UnitTests.Grammar;

/// <summary>A golden exchange, and edits of it that plant one fault.</summary>
internal sealed class Golden
{
    private readonly List<string> _events;
    private readonly bool _isStream;

    private Golden(List<string> events, bool isStream)
    {
        _events = events;
        _isStream = isStream;
    }

    public static string Folder { get; } = Repository.File("tests/Gateway.UnitTests/Grammar/Golden");

    public IReadOnlyList<string> Events => _events;

    public byte[] Bytes => Encoding.UTF8.GetBytes(Text);

    private string Text => _isStream ? string.Concat(_events.Select(e => e + "\n\n")) : _events[0];

    /// <summary>Such as chat/text.sse: protocol and form are told by the name.</summary>
    public static Golden Load(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name));
        var isStream = name.EndsWith(".sse", StringComparison.Ordinal);
        return new Golden(isStream ? [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)] : [text], isStream);
    }

    public static SeenAnswer Read(string name, byte[] body)
    {
        var isStream = name.EndsWith(".sse", StringComparison.Ordinal);
        var chat = new ChatGrammar(UsageAsked: name.Contains("-usage", StringComparison.Ordinal));
        return (name.Split('/')[0], isStream) switch
        {
            ("chat", true) => chat.Stream(body),
            ("chat", false) => chat.Plain(body),
            ("messages", true) => new MessagesGrammar().Stream(body),
            ("messages", false) => new MessagesGrammar().Plain(body),
            ("responses", true) => new ResponsesGrammar().Stream(body),
            ("responses", false) => new ResponsesGrammar().Plain(body),
            ("gemini", true) => new GeminiGrammar().Stream(body),
            _ when name.EndsWith(".array.json", StringComparison.Ordinal) => new GeminiGrammar().Array(body),
            _ => new GeminiGrammar().Plain(body),
        };
    }

    /// <summary>Replaces the first occurrence, which must be there.</summary>
    public Golden Swap(string find, string replacement)
    {
        var index = _events.FindIndex(e => e.Contains(find, StringComparison.Ordinal));
        return SwapIn(index + 1, find, replacement);
    }

    /// <summary>Replaces the first occurrence in one event, counted from 1.</summary>
    public Golden SwapIn(int number, string find, string replacement)
    {
        var place = number == 0 ? -1 : _events[number - 1].IndexOf(find, StringComparison.Ordinal);
        Assert.True(place >= 0, $"nothing to replace: {find}");
        var events = _events.ToList();
        events[number - 1] = events[number - 1].Remove(place, find.Length).Insert(place, replacement);
        return new Golden(events, _isStream);
    }

    public Golden SwapAll(string find, string replacement) =>
        new([.. _events.Select(e => e.Replace(find, replacement, StringComparison.Ordinal))], _isStream);

    public Golden Drop(int number) => With(e => e.RemoveAt(number - 1));

    public Golden Repeat(int number) => With(e => e.Insert(number, e[number - 1]));

    /// <summary>The event moves to another place, counted after it is taken out.</summary>
    public Golden Move(int number, int target) => With(e =>
    {
        var moved = e[number - 1];
        e.RemoveAt(number - 1);
        e.Insert(target - 1, moved);
    });

    public Golden Insert(int number, string text) => With(e => e.Insert(number - 1, text));

    public Golden Append(string text) => With(e => e.Add(text));

    /// <summary>Keeps this many events.</summary>
    public Golden Cut(int count) => With(e => e.RemoveRange(count, e.Count - count));

    /// <summary>Counts sequence_number anew, so that an edit breaks only what it means to break.</summary>
    public Golden Renumber() => With(events =>
    {
        const string member = "\"sequence_number\":";
        for (var i = 0; i < events.Count; i++)
        {
            var start = events[i].IndexOf(member, StringComparison.Ordinal) + member.Length;
            var end = events[i].IndexOf(',', start);
            events[i] = $"{events[i][..start]}{i}{events[i][end..]}";
        }
    });

    private Golden With(Action<List<string>> edit)
    {
        var events = _events.ToList();
        edit(events);
        return new Golden(events, _isStream);
    }
}
