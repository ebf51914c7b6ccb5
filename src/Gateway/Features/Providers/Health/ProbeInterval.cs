namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>When a provider is probed next.</summary>
internal static class ProbeInterval
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(30);

    /// <param name="interval">The provider's own.</param>
    /// <param name="backoff">How often it is doubled, up to half an hour.</param>
    public static TimeSpan Of(TimeSpan interval, int backoff)
    {
        var longest = interval > LongestBackoff ? interval : LongestBackoff;
        var doubled = interval * Math.Pow(2, Math.Min(backoff, 20));
        return doubled < longest ? doubled : longest;
    }

    /// <summary>Up to a tenth earlier or later, so that a thousand providers are not all probed in one second.</summary>
    public static TimeSpan Jittered(TimeSpan interval) => interval * (0.9 + (Random.Shared.NextDouble() * 0.2));
}
