using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Gemini;

/// <summary>Frames a stream that is one JSON array, element by element.</summary>
internal static class ArrayFraming
{
    /// <summary>The elements with what stands between; the closing bracket leaves with no element and is no event.</summary>
    public static Frame[] Frames(Behaviour behaviour, IEnumerable<string> elements)
    {
        var separator = behaviour.Crlf == true ? "\r\n" : "\n";
        var start = behaviour.Bom == true ? "\uFEFF[" : "[";
        var frames = elements.Select((element, i) => new Frame(new Template((i == 0 ? start : $",{separator}") + element), IsEvent: true)).ToList();
        var isBroken = (behaviour.EndAfter ?? behaviour.TruncatedEvent) is not null || (behaviour.OnlyRoleThenEnd ?? behaviour.Empty200) == true || behaviour.Garbage is not null;
        if (!isBroken)
        {
            frames.Add(new Frame(new Template($"{separator}]"), IsEvent: false));
        }

        return [.. frames];
    }
}
