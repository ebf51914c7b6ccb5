using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>The rules of a provider's fields, for the API and for gateway.yaml alike; needs no database and no network.</summary>
internal static class ProviderRules
{
    public const int MaxModels = 5000;
    private const int MaxTimeoutMs = 3_600_000;

    public static void Check(ProviderFields input, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(input.Name))
        {
            errors.Required("name");
        }

        errors.Text("name", input.Name, 1, 100);
        errors.Text("description", input.Description, 0, 1000);
        Tags(input.Tags, errors);
        errors.Text("region", input.Region, 1, 50);
        if (input.Kind is not null && !ProviderKinds.All.Contains(input.Kind))
        {
            errors.Add("kind", "not_allowed", $"must be one of {string.Join(", ", ProviderKinds.All)}",
                new Dictionary<string, object?> { ["allowed"] = ProviderKinds.All });
        }

        errors.Range("weight", input.Weight, 0, 1000);
        errors.Range("max_qps", input.MaxQps, 1, 1_000_000);
        errors.Range("max_concurrency", input.MaxConcurrency, 1, 1_000_000);
        errors.Range("timeouts.connect_ms", input.Timeouts?.ConnectMs, 100, 60_000);
        errors.Range("timeouts.ttft_ms", input.Timeouts?.TtftMs, 100, MaxTimeoutMs);
        errors.Range("timeouts.idle_ms", input.Timeouts?.IdleMs, 100, MaxTimeoutMs);
        errors.Range("timeouts.total_ms", input.Timeouts?.TotalMs, 100, MaxTimeoutMs);
        Probe(input.Probe, "probe.", errors);
        WireRules.Auth(input.Auth, errors);
        WireRules.Headers(input.Headers, errors);
        WireRules.Query(input.Query, errors);
        WireRules.Paths(input.Paths, errors);
        ProxyRules.Check(input, errors);
        StatusCodes(input.RetryableStatusCodes, errors);
        Models(input, errors);
    }

    public static void Id(string? id, FieldErrors errors)
    {
        if (id is not null && !Slug.IsValid(id))
        {
            errors.Add("id", "invalid_id", Slug.Rule);
        }
    }

    /// <summary>The rule of one model id as the upstream knows it.</summary>
    public static bool IsModelId(string? model) =>
        model is { Length: >= 1 and <= 200 } && !model.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));

    /// <param name="probe">What was given.</param>
    /// <param name="path">Before each field's name.</param>
    /// <param name="errors">Where faults go.</param>
    public static void Probe(ProbeSettings? probe, string path, FieldErrors errors)
    {
        errors.Range(path + "interval_seconds", probe?.IntervalSeconds, 60, 86400);
        errors.Text(path + "prompt", probe?.Prompt, 1, 2000);
        if (probe?.Model is { } model && !IsModelId(model))
        {
            errors.Add(path + "model", "invalid_id", "must have 1 to 200 characters, none of them white space");
        }
    }

    private static void Tags(string[]? tags, FieldErrors errors)
    {
        if (tags is null)
        {
            return;
        }

        if (tags.Length > 20)
        {
            errors.Add("tags", "too_many", "must be at most 20");
        }

        for (var i = 0; i < tags.Length; i++)
        {
            errors.Text($"tags[{i}]", tags[i] ?? "", 1, 50);
        }
    }

    private static void StatusCodes(int[]? codes, FieldErrors errors)
    {
        for (var i = 0; i < codes?.Length; i++)
        {
            errors.Range($"retryable_status_codes[{i}]", codes[i], 400, 599);
        }
    }

    private static void Models(ProviderFields input, FieldErrors errors)
    {
        if (input.Models is not { } models)
        {
            return;
        }

        if (models.Length > MaxModels)
        {
            errors.Add("models", "too_many", $"must be at most {MaxModels}");
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < models.Length; i++)
        {
            if (!IsModelId(models[i]))
            {
                errors.Add($"models[{i}]", "invalid_id", "must have 1 to 200 characters, none of them white space");
            }
            else if (!seen.Add(models[i]))
            {
                errors.Add($"models[{i}]", "duplicate", "is listed twice");
            }
        }
    }
}
