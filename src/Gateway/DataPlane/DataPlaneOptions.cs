using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.DataPlane;

/// <summary>Bounds of one AI request and of the attempts made for it.</summary>
public sealed class DataPlaneOptions
{
    public const string Section = "DataPlane";

    [Setting("GATEWAY_MAX_CONCURRENT_REQUESTS", "AI requests in flight in this process; more wait shortly, then get 503.", Live = true)]
    [Range(1, 1_000_000)]
    public int MaxConcurrentRequests { get; set; } = 1000;

    [Setting("GATEWAY_QUEUE_WAIT_MS", "Milliseconds a request waits for a free place.", Live = true)]
    [Range(0, 60_000)]
    public int QueueWaitMs { get; set; } = 2000;

    [Setting("GATEWAY_QUEUE_LENGTH", "AI requests that may wait for a free place at once; more get 503 at once.", Live = true)]
    [Range(0, 1_000_000)]
    public int QueueLength { get; set; } = 10_000;

    [Setting("GATEWAY_REQUEST_TIMEOUT_MS", "Milliseconds for a whole request, all attempts included.", Live = true)]
    [Range(1000, 3_600_000)]
    public int RequestTimeoutMs { get; set; } = 600_000;

    [Setting("UPSTREAM_CONNECT_TIMEOUT_MS", "Milliseconds to connect to an upstream.")]
    [Range(100, 60_000)]
    public int ConnectTimeoutMs { get; set; } = 5000;

    [Setting("UPSTREAM_TTFT_TIMEOUT_MS", "Milliseconds until an upstream's first meaningful output.", Live = true)]
    [Range(100, 3_600_000)]
    public int TtftTimeoutMs { get; set; } = 60_000;

    [Setting("UPSTREAM_IDLE_TIMEOUT_MS", "Milliseconds of silence within an upstream's stream.", Live = true)]
    [Range(100, 3_600_000)]
    public int IdleTimeoutMs { get; set; } = 60_000;

    [Setting("MAX_ATTEMPTS", "Attempts for one request.", Live = true)]
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 5;

    [Setting("PROVIDER_FAILURE_THRESHOLD", "Failures within 60 s that open an upstream's circuit.", Live = true)]
    [Range(1, 10)]
    public int FailureThreshold { get; set; } = 3;

    [Setting("PROVIDER_FAILURE_COOLDOWN_SECONDS", "Seconds a circuit stays open at first; doubles up to 10 minutes.", Live = true)]
    [Range(10, 600)]
    public int FailureCooldownSeconds { get; set; } = 60;

    [Setting("MAX_REQUEST_BODY_MIB", "The largest request body in MiB, after decompression.")]
    [Range(1, 512)]
    public int MaxRequestBodyMib { get; set; } = 32;

    [Setting("PASS_RATELIMIT_HEADERS", "Passes the upstream's rate-limit headers on as x-upstream-ratelimit-*.", Live = true)]
    public bool PassRateLimitHeaders { get; set; }
}
