using AIHigress.MockUpstream.Scripting;

namespace AIHigress.MockUpstream.Answering;

/// <summary>A tool that the request offers. <paramref name="IsFreeform"/>: it takes text instead of JSON.</summary>
internal readonly record struct OfferedTool(string Name, bool IsFreeform = false, string? Namespace = null);

/// <summary>A tool call of an answer.</summary>
/// <param name="Arguments">The arguments as JSON, or the text for a free-form tool.</param>
internal sealed record ScriptedCall(string Name, string Arguments, bool IsFreeform = false, string? Namespace = null)
{
    private const int ArgumentPieces = 4;

    /// <summary>The arguments in increments.</summary>
    public IEnumerable<string> Pieces()
    {
        var size = Math.Max(1, (Arguments.Length + ArgumentPieces - 1) / ArgumentPieces);
        return Arguments.Chunk(size).Select(piece => new string(piece));
    }
}

/// <summary>Which tools an answer calls.</summary>
internal static class ScriptedCalls
{
    private const string UnofferedTool = "get_weather";

    /// <summary>Whether the script calls tools at this point. Once the tools have answered, the mock speaks; a tool loop would have no end otherwise.</summary>
    /// <param name="endsWithResult">The last message is a tool's result.</param>
    /// <param name="hasResult">Any message is.</param>
    public static bool Wanted(Behaviour behaviour, bool endsWithResult, bool hasResult) => behaviour.ToolScript is not null
        ? !hasResult
        : behaviour.Tools > 0 && (!endsWithResult || behaviour.ToolsAlways == true);

    /// <summary>The calls; none when a tool script finds none of its tools offered.</summary>
    public static IReadOnlyList<ScriptedCall> Of(Behaviour behaviour, IReadOnlyList<OfferedTool> offered)
    {
        if (behaviour.ToolScript is { } script)
        {
            return [.. script.Select(step => step.CallOneOf(offered)).OfType<ScriptedCall>()];
        }

        return [.. Enumerable.Range(0, behaviour.Tools ?? 0).Select(i => new ScriptedCall(
            offered.Count == 0 ? UnofferedTool : offered[i % offered.Count].Name,
            behaviour.ToolArguments ?? $$"""{"city":"city{{i + 1}}","unit":"celsius"}""",
            offered.Count > 0 && offered[i % offered.Count].IsFreeform))];
    }

    private static ScriptedCall? CallOneOf(this ToolStep step, IReadOnlyList<OfferedTool> offered)
    {
        foreach (var name in step.Names)
        {
            if (offered.Where(tool => tool.Name == name).Select(tool => (OfferedTool?)tool).FirstOrDefault() is { } tool)
            {
                return new ScriptedCall(name, step.ArgumentsFor(name), tool.IsFreeform, tool.Namespace);
            }
        }

        return null;
    }
}
