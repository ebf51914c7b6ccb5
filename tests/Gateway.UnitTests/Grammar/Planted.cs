using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.UnitTests.Grammar;

/// <summary>One fault planted into a golden exchange.</summary>
/// <param name="File">The golden exchange.</param>
/// <param name="Rule">Must be the one that is broken.</param>
/// <param name="Event">Where the checker must see it.</param>
internal sealed record Planted(string File, string Rule, int Event, Func<Golden, Golden> Edit)
{
    /// <summary>Names for a theory; two faults of one rule in one file are told apart by their event.</summary>
    public static TheoryData<string> Names(IEnumerable<Planted> faults) => [.. faults.Select(f => f.ToString())];

    public static void AssertRefused(IEnumerable<Planted> faults, string name)
    {
        var fault = Assert.Single(faults, f => f.ToString() == name);
        var body = fault.Edit(Golden.Load(fault.File)).Bytes;

        var refusal = Assert.Throws<GrammarException>(() => Golden.Read(fault.File, body));

        Assert.Equal($"{fault.Rule} at {fault.Event}", $"{refusal.Rule} at {refusal.EventNumber}");
        Assert.NotEmpty(refusal.Offending);
    }

    public override string ToString() => $"{File}: {Rule} at {Event}";
}
