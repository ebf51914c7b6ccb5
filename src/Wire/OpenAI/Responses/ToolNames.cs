namespace AIHigress.Wire.OpenAI.Responses;

/// <summary>
/// Namespaces group tools of one origin; protocols without them get the joined name, and the tool's
/// <see cref="Translation.Requests.ToolDefinition.Namespace"/> says how to take it apart again.
/// </summary>
internal static class ToolNames
{
    public static string Join(string? space, string name) => string.IsNullOrEmpty(space) ? name : $"{Prefix(space)}{name}";

    /// <summary>The tool's own name inside its namespace.</summary>
    public static string Split(string space, string joined) =>
        joined.StartsWith(Prefix(space), StringComparison.Ordinal) ? joined[Prefix(space).Length..] : joined;

    private static string Prefix(string space) => space.EndsWith("__", StringComparison.Ordinal) ? space : $"{space}__";
}
