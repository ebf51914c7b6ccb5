using System.Globalization;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>The long rows of the fault suite: explicit tests with this trait, run by `make soak` alone.</summary>
internal static class Soak
{
    public const string Trait = "Category";
    public const string Value = "Soak";

    /// <summary>SOAK_SECONDS: how long the mixed load runs.</summary>
    public static TimeSpan Duration => TimeSpan.FromSeconds(Number("SOAK_SECONDS", 3600));

    /// <summary>SOAK_OUTAGE_SECONDS: how long PostgreSQL or Redis is away.</summary>
    public static TimeSpan Outage => TimeSpan.FromSeconds(Number("SOAK_OUTAGE_SECONDS", 30));

    /// <summary>SOAK_TOLERANCE_PERCENT: how much more memory the last quarter may need than the second.</summary>
    public static double Tolerance => Number("SOAK_TOLERANCE_PERCENT", 5);

    private static double Number(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
