using System.Text.Json;

namespace AIHigress.MockUpstream.Scripting;

/// <summary>One call of a tool script: whichever of the names the request offers, the first first.</summary>
public sealed record ToolStep
{
    /// <summary>The tool's possible names.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Arguments for a name that has none of its own: an object, or a string for a tool that takes text.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>Arguments by the tool's name.</summary>
    public IReadOnlyDictionary<string, JsonElement>? ArgumentsByName { get; init; }

    /// <summary>A step of tools and their arguments (JSON), best first.</summary>
    public static ToolStep AnyOf(params IReadOnlyList<(string Name, string Arguments)> tools) => new()
    {
        Names = [.. tools.Select(tool => tool.Name)],
        ArgumentsByName = tools.ToDictionary(tool => tool.Name, tool => JsonElement.Parse(tool.Arguments), StringComparer.Ordinal),
    };

    internal string ArgumentsFor(string name)
    {
        var arguments = ArgumentsByName is not null && ArgumentsByName.TryGetValue(name, out var own) ? own : Arguments;
        return arguments switch
        {
            null => "{}",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { } json => json.GetRawText(),
        };
    }
}
