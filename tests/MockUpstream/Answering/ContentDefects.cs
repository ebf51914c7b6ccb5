using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Answering;

/// <summary>Puts the scripted defects of content into an answer.</summary>
/// <param name="ordinaryType">The content type of a sound answer.</param>
internal sealed class ContentDefects(Behaviour behaviour, string ordinaryType)
{
    private const string GarbageJson = """{"id":"chatcmpl-mock","choices":[{{{""";
    private const string GarbageHtml = "<!DOCTYPE html><html><body><h1>Welcome</h1><p>This is no API.</p></body></html>";

    public string Type { get; } = (behaviour.WrongContentType, behaviour.Garbage) switch
    {
        ("true", _) => "text/plain",
        ({ } wrong, _) => wrong,
        (_, "html") => "text/html",
        _ => ordinaryType,
    };

    /// <summary>A plain answer's body.</summary>
    public string Break(string body, Func<string> error)
    {
        if (behaviour.Empty200 == true)
        {
            return "";
        }

        if (behaviour.ErrorAfter is not null)
        {
            return error();
        }

        return behaviour.Garbage switch
        {
            null => body,
            "html" => GarbageHtml,
            _ => GarbageJson,
        };
    }

    /// <summary>A stream's events, framed.</summary>
    /// <param name="error">The error event that comes after so many good ones.</param>
    public IEnumerable<string> Break(IReadOnlyList<StreamEvent> events, Func<StreamEvent, string> frame, Func<int, StreamEvent> error)
    {
        var whole = events.Select(frame);
        if (behaviour.Empty200 == true)
        {
            return [];
        }

        if (behaviour.EndAfter is { } end)
        {
            return whole.Take(end);
        }

        if (behaviour.OnlyRoleThenEnd == true)
        {
            return whole.Take(1);
        }

        if (behaviour.ErrorAfter is { } good)
        {
            return whole.Take(good).Append(frame(error(Math.Min(good, events.Count))));
        }

        if (behaviour.Garbage is not null)
        {
            return whole.Take(behaviour.GarbageAfter ?? 0).Append(frame(new StreamEvent("not json")));
        }

        return behaviour.TruncatedEvent is { } before && before < events.Count
            ? whole.Take(before).Append(Half(frame(events[before])))
            : whole;
    }

    private static string Half(string text) => text[..(text.Length / 2)];
}
