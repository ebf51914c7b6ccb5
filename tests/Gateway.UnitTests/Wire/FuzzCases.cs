using System.Globalization;

namespace AIHigress.Gateway.UnitTests.Wire;

/// <summary>How many cases each fuzzed reader gets: 20,000, or what <c>FUZZ_CASES</c> says (<c>make nightly</c>: a million).</summary>
internal static class FuzzCases
{
    public static readonly long PerReader = long.Parse(Environment.GetEnvironmentVariable("FUZZ_CASES") ?? "20000", CultureInfo.InvariantCulture);
}
