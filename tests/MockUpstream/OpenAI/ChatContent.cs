using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>Puts the scripted defects of content into an answer.</summary>
internal sealed class ChatContent(Behaviour behaviour, bool stream)
{
    private const string GarbageJson = """{"id":"chatcmpl-mock","choices":[{{{""";
    private const string GarbageHtml = "<!DOCTYPE html><html><body><h1>Welcome</h1><p>This is no API.</p></body></html>";

    public string Type { get; } = (behaviour.WrongContentType, behaviour.Garbage) switch
    {
        ("true", _) => "text/plain",
        ({ } wrong, _) => wrong,
        (_, "html") => "text/html",
        _ => stream ? "text/event-stream" : "application/json",
    };

    /// <summary>A plain answer's body.</summary>
    public string Break(string body)
    {
        if (behaviour.Empty200 == true)
        {
            return "";
        }

        if (behaviour.ErrorAfter is not null)
        {
            return OpenAIErrors.InsideAnswer(behaviour);
        }

        return behaviour.Garbage switch
        {
            null => body,
            "html" => GarbageHtml,
            _ => GarbageJson,
        };
    }

    /// <summary>A stream's events, framed.</summary>
    public IEnumerable<string> Break(string[] events, EventFraming framing)
    {
        var whole = events.Select(framing.Event);
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
            return whole.Take(good).Append(framing.Event(OpenAIErrors.InsideAnswer(behaviour)));
        }

        if (behaviour.Garbage is not null)
        {
            return whole.Take(behaviour.GarbageAfter ?? 0).Append(framing.Event("not json"));
        }

        return behaviour.TruncatedEvent is { } before && before < events.Length
            ? whole.Take(before).Append(Half(framing.Event(events[before])))
            : whole;
    }

    private static string Half(string text) => text[..(text.Length / 2)];
}
