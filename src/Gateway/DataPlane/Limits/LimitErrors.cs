using System.Globalization;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>What a client is told when a limit is in its way: whose, of what, how much, and when to come back.</summary>
internal static class LimitErrors
{
    public static GatewayError Over(LimitRefusal refusal)
    {
        var may = string.Create(CultureInfo.InvariantCulture, $"{Whose(refusal.Scope)} may {What(refusal)}");
        var seconds = Math.Max(1, (long)Math.Ceiling(refusal.Wait.TotalSeconds));
        return new GatewayError(429, "rate_limit_exceeded", string.Create(CultureInfo.InvariantCulture, $"{may}. Try again in {seconds} s."))
        {
            RetryAfter = refusal.Wait,
        };
    }

    public static GatewayError BudgetExceeded(DateTimeOffset? resetsAt)
    {
        var when = resetsAt is { } time
            ? string.Create(CultureInfo.InvariantCulture, $"It begins anew at {time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}; until then use another key, or have it reset.")
            : "Use another key, or have it reset.";
        return new GatewayError(402, "budget_exceeded", $"The budget of this API key is used up. {when}");
    }

    public static GatewayError TooManyUnknownKeys(TimeSpan wait) => new(
        429, "rate_limit_exceeded", "Too many requests with unknown API keys came from this address. Check the key, and try again later.")
    {
        RetryAfter = wait,
    };

    private static string Whose(LimitScope scope) => scope switch
    {
        LimitScope.Key => "This API key",
        LimitScope.User => "The user of this API key",
        _ => "The group of this API key's user",
    };

    private static string What(LimitRefusal refusal) => refusal.Unit switch
    {
        LimitUnit.Requests => string.Create(CultureInfo.InvariantCulture, $"make {refusal.Limit} requests per minute"),
        LimitUnit.Tokens => string.Create(CultureInfo.InvariantCulture, $"use {refusal.Limit} tokens per minute, prompt and allowed output together"),
        _ => string.Create(CultureInfo.InvariantCulture, $"have {refusal.Limit} requests running at once"),
    };
}
