namespace AIHigress.TestKit.Grammar;

/// <summary>An answer body that a client of its protocol would misread or refuse.</summary>
/// <param name="eventNumber">Counted from 1; one past the last event where something is missing at the end; 0 for a plain body or a fault of the whole body.</param>
/// <param name="rule">The broken rule, such as tool-index; the same in every message of that kind.</param>
/// <param name="offending">The text that breaks it, with its place.</param>
public sealed class GrammarException(int eventNumber, string rule, string offending)
    : Exception($"event {eventNumber} breaks {rule}: {offending}")
{
    public int EventNumber { get; } = eventNumber;

    public string Rule { get; } = rule;

    public string Offending { get; } = offending;
}
