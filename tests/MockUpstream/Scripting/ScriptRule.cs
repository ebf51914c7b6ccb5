namespace AIHigress.MockUpstream.Scripting;

/// <summary>One instruction to the mock: requests that match are answered by <see cref="Behaviour"/>.</summary>
public sealed record ScriptRule
{
    /// <summary>The model id, or <c>*</c> for any.</summary>
    public string Model { get; init; } = "*";

    /// <summary>Only for requests that carry this upstream key.</summary>
    public string? Key { get; init; }

    /// <summary>Only this many requests; the next ones are answered as if the rule were gone.</summary>
    public int? Times { get; init; }

    /// <summary>The knobs; they are laid over those of the model id.</summary>
    public required Behaviour Behaviour { get; init; }
}
