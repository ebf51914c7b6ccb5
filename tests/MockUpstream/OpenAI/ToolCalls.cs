using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>The parallel tool calls of an answer: each calls the next of the tools that were offered, in turn.</summary>
internal sealed class ToolCalls
{
    private const string UnofferedTool = "get_weather";
    private const int ArgumentPieces = 4;

    private readonly Behaviour _behaviour;
    private readonly (string Name, string Arguments)[] _calls;

    public ToolCalls(Behaviour behaviour, IReadOnlyList<string> offered)
    {
        _behaviour = behaviour;
        _calls = [.. Enumerable.Range(0, behaviour.Tools ?? 0).Select(i => (
            offered.Count == 0 ? UnofferedTool : offered[i % offered.Count],
            behaviour.ToolArguments ?? $$"""{"city":"city{{i + 1}}","unit":"celsius"}"""))];
    }

    /// <summary>The deltas of the stream: each call opens with its name, its arguments follow in increments.</summary>
    public IEnumerable<string> Deltas()
    {
        var opened = _calls.Select((call, i) => Delta(
            $$$"""{"index":{{{i}}},"id":"{{{Id(i)}}}","type":"function","function":{"name":{{{Quote(call.Name)}}},"arguments":""}}"""));
        var arguments = _calls.Select((call, i) => Cut(call.Arguments).Select(piece => Delta(
            $$$"""{"index":{{{i}}},"function":{"arguments":{{{Quote(piece)}}}}}""")));
        return _behaviour.ToolsInterleaved == true
            ? opened.Concat(InTurns([.. arguments.Select(a => a.ToArray())]))
            : opened.Zip(arguments, (open, rest) => rest.Prepend(open)).SelectMany(call => call);
    }

    /// <summary>The <c>tool_calls</c> member of a plain answer.</summary>
    public string Member() => $"[{string.Join(',', _calls.Select((call, i) =>
        $$$"""{"id":"{{{Id(i)}}}","type":"function","function":{"name":{{{Quote(call.Name)}}},"arguments":{{{Quote(call.Arguments)}}}}}"""))}]";

    private static string Id(int index) => $"call_mock_{Template.OrdinalHole}_{index + 1}";

    private static string Delta(string json) => $$"""{"tool_calls":[{{json}}]}""";

    private static IEnumerable<string> InTurns(string[][] pieces) =>
        Enumerable.Range(0, pieces.Max(p => p.Length)).SelectMany(turn => pieces.Where(p => turn < p.Length).Select(p => p[turn]));

    private static IEnumerable<string> Cut(string arguments)
    {
        var size = Math.Max(1, (arguments.Length + ArgumentPieces - 1) / ArgumentPieces);
        return arguments.Chunk(size).Select(piece => new string(piece));
    }
}
