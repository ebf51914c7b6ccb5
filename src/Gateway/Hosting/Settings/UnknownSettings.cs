namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>Tells the operator about names that look like settings and are none.</summary>
internal static class UnknownSettings
{
    // Families of names that belong to this server; anything else in the environment is somebody else's.
    private static readonly string[] Prefixes =
    [
        "GATEWAY_", "UPSTREAM_", "PROVIDER_", "JOURNAL_", "DEFAULT_ADMIN_", "DEFAULT_USER_", "SECRET_KEY_", "API_KEY_", "SHUTDOWN_", "REQUEST_LOG_",
    ];

    private static readonly string[] Retired =
    [
        "CELERY_", "METRICS_", "OFFLINE_METRICS_", "MASK_", "BANDIT_ROUTING_", "ENABLE_BANDIT_ROUTING_WEIGHT", "CREDITS_BASE_PER_1K_TOKENS",
        "CANDIDATE_AVAILABILITY_CACHE_TTL_SECONDS", "PROVIDER_HEALTH_CACHE_TTL_SECONDS", "PROVIDER_AUDIT_CRON_INTERVAL_SECONDS", "LOG_SPLIT_BY_BUSINESS",
    ];

    /// <param name="names">Names as given.</param>
    /// <param name="onlyOurs">True for the environment, which is full of other programs' names.</param>
    public static IEnumerable<string> Warn(IEnumerable<string> names, bool onlyOurs)
    {
        foreach (var name in names)
        {
            if (SettingCatalogue.Find(name) is not null || IsSecretFile(name))
            {
                continue;
            }

            if (Retired.Any(r => r.EndsWith('_') ? name.StartsWith(r, StringComparison.Ordinal) : name == r))
            {
                yield return $"{name} is no longer used and has no effect.";
                continue;
            }

            var (nearest, distance) = Nearest(name);
            var close = distance <= 2 && name.Length > 5;
            if (!onlyOurs || close || Prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)))
            {
                yield return close || distance <= 5
                    ? $"{name} is not a setting; did you mean {nearest}?"
                    : $"{name} is not a setting and has no effect.";
            }
        }
    }

    /// <summary>The setting whose name takes the fewest edits to reach.</summary>
    public static (string Name, int Distance) Nearest(string name) =>
        SettingCatalogue.All.Select(d => (d.Name, Distance(name.ToUpperInvariant(), d.Name))).MinBy(d => d.Item2);

    private static bool IsSecretFile(string name) =>
        name.EndsWith("_FILE", StringComparison.OrdinalIgnoreCase) && SettingCatalogue.Find(name[..^5]) is { Setting.Secret: true };

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
