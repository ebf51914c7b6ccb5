namespace AIHigress.Wire.Translation.Requests;

/// <summary>A tool that is offered to the model.</summary>
public abstract record ToolDefinition(string Name)
{
    public string? Description { get; init; }

    public CacheHint? Cache { get; init; }

    /// <summary>The namespace (Responses) that the client grouped the tool under; the tool's name then begins with it.</summary>
    public string? Namespace { get; init; }
}

/// <summary>A function with JSON arguments.</summary>
public sealed record FunctionTool(string Name) : ToolDefinition(Name)
{
    /// <summary>The JSON schema of the arguments as it was sent; null when none was given.</summary>
    public string? Parameters { get; init; }

    public bool? Strict { get; init; }
}

/// <summary>A tool that takes free text (OpenAI's custom tools). For other targets it becomes a function with one text argument, <c>input</c>.</summary>
public sealed record CustomTool(string Name) : ToolDefinition(Name)
{
    /// <summary>The <c>format</c> object as it was sent; null when none was given.</summary>
    public string? Format { get; init; }
}

/// <summary>Whether and which tool must be called.</summary>
public sealed record ToolChoice(ToolChoiceMode Mode)
{
    /// <summary>The tool, for <see cref="ToolChoiceMode.Named"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The only tools that may be called; empty: all. Goes with Auto and Required.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];
}

public enum ToolChoiceMode
{
    Auto,
    None,
    Required,
    Named,
}
