using System.Collections.Concurrent;
using System.Globalization;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Hosting.Web;

/// <summary>
/// MANAGEMENT_LIMIT: how many management requests a user (twice as many for an automation key), or an address without a
/// user, may make. Counted over a sliding window made of this fixed window and the rest of the one before.
/// </summary>
internal sealed class ManagementLimit(IOptionsMonitor<WebOptions> options, TimeProvider time)
{
    private const int MaxTracked = 50_000;
    private readonly ConcurrentDictionary<string, Counter> _counters = new();

    public Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var user = context.Features.Get<CurrentUser>();
        var subject = user is not null ? $"u:{user.Id:N}:{user.SessionId is null}" : $"a:{context.Connection.RemoteIpAddress}";
        var (count, seconds) = Parse(options.CurrentValue.ManagementLimit);
        var allowed = user is { SessionId: null } ? count * 2 : count;
        return Take(subject, allowed, seconds) is { } retryAfter
            ? throw new ProblemException(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded", $"At most {allowed} requests per {seconds} seconds; try again in {retryAfter} s.")
            {
                RetryAfterSeconds = retryAfter,
            }
            : next(context);
    }

    /// <summary>Counts one request; null when it may pass, else the seconds to wait.</summary>
    internal int? Take(string subject, int allowed, int seconds)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var length = seconds * 1000L;
        if (_counters.Count > MaxTracked)
        {
            Forget(now - (2 * length));
        }

        var counter = _counters.GetOrAdd(subject, _ => new Counter());
        lock (counter)
        {
            var window = now / length;
            if (window != counter.Window)
            {
                counter.Before = window == counter.Window + 1 ? counter.Now : 0;
                counter.Now = 0;
                counter.Window = window;
            }

            counter.LastUse = now;
            var rest = length - (now % length);
            if (counter.Now + (counter.Before * rest / (double)length) >= allowed)
            {
                return (int)Math.Max(1, (rest + 999) / 1000);
            }

            counter.Now++;
            return null;
        }
    }

    private static (int Count, int Seconds) Parse(string limit)
    {
        var parts = limit.Split('/');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), Math.Max(1, int.Parse(parts[1], CultureInfo.InvariantCulture)));
    }

    private void Forget(long before)
    {
        foreach (var (subject, counter) in _counters)
        {
            if (counter.LastUse < before)
            {
                _counters.TryRemove(subject, out _);
            }
        }
    }

    private sealed class Counter
    {
        public long Window { get; set; }
        public long LastUse { get; set; }
        public int Now { get; set; }
        public int Before { get; set; }
    }
}
