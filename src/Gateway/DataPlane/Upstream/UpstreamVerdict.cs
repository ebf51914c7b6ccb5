using System.Net.Http.Headers;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire.OpenAI;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>Reads what an upstream's error status means (data-plane.md §5).</summary>
internal static class UpstreamVerdict
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    private static readonly string[] UnsupportedWords = ["not support", "unsupported", "does not allow", "not available for this model", "not enabled for this model"];

    public static AttemptFailure Of(
        int status, ReadOnlySpan<byte> body, UpstreamAdapter adapter, TimeSpan? retryAfter, ProviderRoute provider, ProviderKeyRoute? key)
    {
        // Compatible servers and proxies in between answer in OpenAI's shape whatever they imitate.
        var info = adapter.Codec.ReadError(body);
        var other = info?.Message is null ? OpenAIError.Read(body) : null;
        var message = Scrubber.Clean(info?.Message ?? other?.Message ?? $"The upstream answered {status}.", provider, key);
        return new AttemptFailure(KindOf(status, message, provider), status, message, retryAfter) { UpstreamParam = info?.Param ?? other?.Param };
    }

    /// <summary>An error event or body inside a 200: by its own status when it names one.</summary>
    public static AttemptFailure OfErrorInside(AnswerError? error, ProviderRoute provider, ProviderKeyRoute? key)
    {
        var message = Scrubber.Clean(error?.Message ?? "The upstream reported an error inside its answer.", provider, key);
        var kind = error?.Status is { } code ? KindOf(code, message, provider) : FailureKind.UpstreamError;
        return new AttemptFailure(kind, error?.Status ?? 200, message) { UpstreamParam = error?.Param };
    }

    public static TimeSpan? ReadRetryAfter(HttpResponseHeaders headers, TimeProvider time)
    {
        if (headers.RetryAfter is not { } value)
        {
            return null;
        }

        var wait = value.Delta ?? (value.Date is { } date ? date - time.GetUtcNow() : TimeSpan.Zero);
        return wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < LongestRetryAfter ? wait : LongestRetryAfter;
    }

    private static FailureKind KindOf(int status, string message, ProviderRoute provider)
    {
        if (status == 429)
        {
            return FailureKind.RateLimited;
        }

        if (provider.RetryableStatusCodes.Contains(status) || status is 408 or 409 or 425 || status >= 500)
        {
            return FailureKind.UpstreamError;
        }

        return status switch
        {
            401 or 402 or 403 => FailureKind.Auth,
            400 or 422 when SaysUnsupported(message) => FailureKind.Unsupported,
            >= 400 => FailureKind.Rejected,
            _ => FailureKind.Malformed,
        };
    }

    private static bool SaysUnsupported(string message) =>
        Array.Exists(UnsupportedWords, word => message.Contains(word, StringComparison.OrdinalIgnoreCase));
}
