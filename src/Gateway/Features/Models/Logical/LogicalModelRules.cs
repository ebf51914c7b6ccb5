using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Providers.Catalogue;
using AIHigress.Gateway.Features.Providers.Editing;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>The rules of a logical model's fields, for the API and for gateway.yaml alike; needs no database.</summary>
internal static class LogicalModelRules
{
    private const int MaxUpstreams = 200;
    private const int MaxAliases = 50;
    private const int MaxFallbacks = 5;
    private const int MaxTimeoutMs = 3_600_000;

    public static void Check(string? id, LogicalModelFields input, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(id))
        {
            errors.Required("id");
        }
        else if (!ModelNameRule.IsValid(id))
        {
            errors.Add("id", "invalid_id", ModelNameRule.Text);
        }

        errors.Text("display_name", input.DisplayName, 1, 100);
        errors.Text("description", input.Description, 0, 1000);
        Names("aliases", input.Aliases, MaxAliases, id, errors);
        Upstreams(input.Upstreams, errors);
        Names("fallbacks", input.Fallbacks, MaxFallbacks, id, errors);
        OneOf<RoutingStrategy>("strategy", input.Strategy, errors);
        OneOf<PromptAffinity>("affinity", input.Affinity, errors);
        OneOf<BanditReward>("bandit_reward", input.BanditReward, errors);
        if (!HedgeAfter.TryParse(input.HedgeAfter, out var hedge) || hedge.Fixed is { } wait && wait.TotalMilliseconds is < 1 or > MaxTimeoutMs)
        {
            errors.Add("hedge_after", "not_allowed", $"must be p95 or milliseconds from 1 to {MaxTimeoutMs}");
        }

        errors.Range("throughput_guard.min_chars_per_second", input.ThroughputGuard?.MinCharsPerSecond, 0.1, 100_000);
        errors.Range("timeouts.ttft_ms", input.Timeouts?.TtftMs, 100, MaxTimeoutMs);
        errors.Range("timeouts.idle_ms", input.Timeouts?.IdleMs, 100, MaxTimeoutMs);
        errors.Range("timeouts.total_ms", input.Timeouts?.TotalMs, 100, MaxTimeoutMs);
        Tags(input.Tags, errors);
    }

    /// <summary>The value of a name as the API and gateway.yaml write it; null for null and for a name that is none.</summary>
    public static T? Named<T>(string? name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (EnumFilter.Name(value) == name)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The names in a circle of fallbacks that starts at <paramref name="id"/>, or null.</summary>
    public static IReadOnlyList<string>? Circle(string id, IReadOnlyDictionary<string, string[]> fallbacks)
    {
        var path = new List<string>();
        return Visit(id, path, new HashSet<string>(StringComparer.Ordinal)) ? path : null;

        bool Visit(string current, List<string> trail, HashSet<string> seen)
        {
            trail.Add(current);
            foreach (var next in fallbacks.GetValueOrDefault(current) ?? [])
            {
                if (next == id)
                {
                    trail.Add(next);
                    return true;
                }

                if (seen.Add(next) && Visit(next, trail, seen))
                {
                    return true;
                }
            }

            trail.RemoveAt(trail.Count - 1);
            return false;
        }
    }

    private static void OneOf<T>(string path, string? name, FieldErrors errors)
        where T : struct, Enum
    {
        if (name is not null && Named<T>(name) is null)
        {
            var allowed = Enum.GetValues<T>().Select(EnumFilter.Name).ToArray();
            errors.Add(path, "not_allowed", $"must be one of {string.Join(", ", allowed)}", new Dictionary<string, object?> { ["allowed"] = allowed });
        }
    }

    private static void Names(string path, string[]? names, int max, string? id, FieldErrors errors)
    {
        if (names is null)
        {
            return;
        }

        if (names.Length > max)
        {
            errors.Add(path, "too_many", $"must be at most {max}", new Dictionary<string, object?> { ["max"] = max });
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (!ModelNameRule.IsValid(names[i]))
            {
                errors.Add($"{path}[{i}]", "invalid_id", ModelNameRule.Text);
            }
            else if (names[i] == id)
            {
                errors.Add($"{path}[{i}]", "self", "must not be the model's own id");
            }
            else if (!seen.Add(names[i]))
            {
                errors.Add($"{path}[{i}]", "duplicate", "is listed twice");
            }
        }
    }

    private static void Upstreams(UpstreamInput[]? upstreams, FieldErrors errors)
    {
        if (upstreams is null)
        {
            return;
        }

        if (upstreams.Length > MaxUpstreams)
        {
            errors.Add("upstreams", "too_many", $"must be at most {MaxUpstreams}");
            return;
        }

        var seen = new HashSet<(string?, string?)>();
        for (var i = 0; i < upstreams.Length; i++)
        {
            var (upstream, path) = (upstreams[i], $"upstreams[{i}]");
            if (!Slug.IsValid(upstream.Provider))
            {
                errors.Add($"{path}.provider", "invalid_id", $"is the id of a provider: {Slug.Rule}");
            }

            if (!ProviderRules.IsModelId(upstream.Model))
            {
                errors.Add($"{path}.model", "invalid_id", "must have 1 to 200 characters, none of them white space");
            }

            errors.Range($"{path}.weight", upstream.Weight, 0, 1000);
            if (!seen.Add((upstream.Provider, upstream.Model)))
            {
                errors.Add(path, "duplicate", "is listed twice");
            }
        }
    }

    private static void Tags(string[]? tags, FieldErrors errors)
    {
        if (tags?.Length > 20)
        {
            errors.Add("tags", "too_many", "must be at most 20");
        }

        for (var i = 0; i < tags?.Length; i++)
        {
            errors.Text($"tags[{i}]", tags[i] ?? "", 1, 50);
        }
    }
}
