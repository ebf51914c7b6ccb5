namespace AIHigress.MockUpstream;

/// <summary>How a mock upstream is set up.</summary>
public sealed record MockUpstreamOptions
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Its name, part of the ids it makes.</summary>
    public string Name { get; init; } = "mock";

    /// <summary>The keys it accepts; any, or none at all, when empty.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>The models it lists.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["mock-ok"];

    /// <summary>The most models on one page of a list that has pages (Anthropic's and Google's).</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Answers 404 for models that it neither lists nor can read as a script.</summary>
    public bool StrictModels { get; init; }

    /// <summary>Records every request; off for load.</summary>
    public bool Journal { get; init; } = true;

    /// <summary>Times the scripted delays.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
