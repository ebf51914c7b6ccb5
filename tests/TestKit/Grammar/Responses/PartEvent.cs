namespace AIHigress.TestKit.Grammar.Responses;

/// <param name="PartType">Type of part that this event belongs to; empty for the events of content parts of any type.</param>
internal sealed record PartEvent(string PartType, PartStep Step);

/// <summary>The life of a part in order; annotations come between deltas.</summary>
internal enum PartStep
{
    Added,
    Delta,
    Annotation,

    /// <summary>The whole text once more.</summary>
    Text,

    /// <summary>The whole part once more.</summary>
    Done,
}
