namespace AIHigress.Gateway.Features.Models;

/// <summary>Whether requests with the same beginning go to the same upstream.</summary>
public enum PromptAffinity
{
    None,

    /// <summary>The same system prompt and tools of the same user: providers that cache prompts find them again.</summary>
    Prefix,
}

/// <summary>When a second attempt is started beside one that has not spoken yet. Default: never.</summary>
/// <param name="Fixed">After this time.</param>
/// <param name="P95">After the upstream's own p95 of the time to first token.</param>
public readonly record struct HedgeAfter(TimeSpan? Fixed, bool P95)
{
    public bool IsOn => Fixed is not null || P95;

    /// <summary>Of "p95" or a number of milliseconds; off for null.</summary>
    public static bool TryParse(string? text, out HedgeAfter hedge)
    {
        hedge = default;
        if (text is null)
        {
            return true;
        }

        if (text == "p95")
        {
            hedge = new HedgeAfter(null, true);
            return true;
        }

        var isNumber = int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var ms);
        hedge = isNumber ? new HedgeAfter(TimeSpan.FromMilliseconds(ms), false) : default;
        return isNumber;
    }
}

/// <summary>The speed that an upstream must show before its answer is passed on. Default: none.</summary>
public readonly record struct ThroughputGuard(double? MinCharsPerSecond);

/// <summary>What the strategy "bandit" learns from.</summary>
public enum BanditReward
{
    /// <summary>Answers that came, in time.</summary>
    Success,

    /// <summary>What people say of the answers.</summary>
    Ratings,
    Both,
}
