namespace AIHigress.Gateway.Features.Identity;

/// <summary>How much of the AI endpoints somebody may use; null = as much as he likes.</summary>
/// <param name="Rpm">Requests per minute.</param>
/// <param name="Tpm">Tokens per minute.</param>
/// <param name="Concurrency">Requests at once.</param>
public sealed record RequestLimits(int? Rpm, long? Tpm, int? Concurrency)
{
    public const int Most = 1_000_000;
    public const long MostTokens = 1_000_000_000_000;

    /// <summary>The limits, or null when there is none among them.</summary>
    public static RequestLimits? Of(int? rpm, long? tpm, int? concurrency) =>
        rpm is null && tpm is null && concurrency is null ? null : new RequestLimits(rpm, tpm, concurrency);

    /// <summary>No part of these is wider than the other's.</summary>
    public static bool IsWithin(RequestLimits? limits, RequestLimits? other) =>
        other is null || (IsWithin(limits?.Rpm, other.Rpm) && IsWithin(limits?.Tpm, other.Tpm) && IsWithin(limits?.Concurrency, other.Concurrency));

    private static bool IsWithin(long? limit, long? other) => other is null || limit <= other;
}
