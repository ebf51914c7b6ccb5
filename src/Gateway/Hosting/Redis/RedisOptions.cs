using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Redis;

/// <summary>What replicas share besides the database: limits, sessions, measurements, news of changes.</summary>
public sealed class RedisOptions
{
    public const string Section = "Redis";

    [Setting("REDIS_URL", "redis[s]://[user:password@]host[:port][/database]; several replicas need it to hold limits and sessions together.", Secret = true)]
    public string? Url { get; set; }

    [Setting("REDIS_PASSWORD", "The password, if it is not in REDIS_URL.", Secret = true)]
    public string? Password { get; set; }

    [Setting("REDIS_SLOW_MS", "Milliseconds that a request waits for Redis; two waits in a row that are longer, and this replica counts for itself until Redis answers in time.", Live = true)]
    [Range(1, 10_000)]
    public int SlowMs { get; set; } = 20;
}
