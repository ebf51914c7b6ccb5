using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>The parallel tool calls of an answer in the words of chat completions.</summary>
internal sealed class ToolCalls(Behaviour behaviour, IReadOnlyList<ScriptedCall> calls)
{
    /// <summary>The deltas of the stream: each call opens with its name, its arguments follow in increments.</summary>
    public IEnumerable<string> Deltas()
    {
        var opened = calls.Select((call, i) => Delta(
            $$$"""{"index":{{{i}}},"id":"{{{Id(i)}}}","type":"function","function":{"name":{{{Quote(call.Name)}}},"arguments":""}}"""));
        var arguments = calls.Select((call, i) => call.Pieces().Select(piece => Delta(
            $$$"""{"index":{{{i}}},"function":{"arguments":{{{Quote(piece)}}}}}""")));
        return behaviour.ToolsInterleaved == true
            ? opened.Concat(InTurns([.. arguments.Select(a => a.ToArray())]))
            : opened.Zip(arguments, (open, rest) => rest.Prepend(open)).SelectMany(call => call);
    }

    /// <summary>The <c>tool_calls</c> member of a plain answer.</summary>
    public string Member() => $"[{string.Join(',', calls.Select((call, i) =>
        $$$"""{"id":"{{{Id(i)}}}","type":"function","function":{"name":{{{Quote(call.Name)}}},"arguments":{{{Quote(call.Arguments)}}}}}"""))}]";

    private static string Id(int index) => $"call_mock_{Template.OrdinalHole}_{index + 1}";

    private static string Delta(string json) => $$"""{"tool_calls":[{{json}}]}""";

    private static IEnumerable<string> InTurns(string[][] pieces) =>
        Enumerable.Range(0, pieces.Max(p => p.Length)).SelectMany(turn => pieces.Where(p => turn < p.Length).Select(p => p[turn]));
}
