using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Administration.Configuration.Yaml;
using AIHigress.Gateway.Features.Models.Logical;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>The <c>logical_models:</c> section, by the very rules of the API; ids and aliases of the file share one name space.</summary>
internal sealed class ModelSection(List<ConfigFault> faults)
{
    public List<DeclaredModel> Read(IReadOnlyList<MapReader> items)
    {
        var models = new List<(DeclaredModel Model, MapReader Item)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var fields = Fields(item);
            item.Finish();
            var errors = new FieldErrors();
            LogicalModelRules.Check(fields.Id, fields, errors);
            Names(fields, names, errors);
            Report(item, errors);
            models.Add((new DeclaredModel(fields, new Place(item.Map.Line, item.PathOf("").TrimEnd('.'))), item));
        }

        Circles(models);
        return models.ConvertAll(m => m.Model);
    }

    private static void Names(CreateLogicalModel fields, HashSet<string> names, FieldErrors errors)
    {
        if (fields.Id is not null && !names.Add(fields.Id))
        {
            errors.Add("id", "duplicate", $"the name '{fields.Id}' is declared twice");
        }

        for (var i = 0; i < fields.Aliases?.Length; i++)
        {
            if (fields.Aliases[i] != fields.Id && !names.Add(fields.Aliases[i]))
            {
                errors.Add($"aliases[{i}]", "duplicate", $"the name '{fields.Aliases[i]}' is declared twice");
            }
        }
    }

    private void Circles(List<(DeclaredModel Model, MapReader Item)> models)
    {
        var fallbacks = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (model, _) in models)
        {
            fallbacks.TryAdd(model.Fields.Id ?? "", model.Fields.Fallbacks ?? []);
        }

        foreach (var (model, item) in models)
        {
            if (model.Fields.Id is { } id && LogicalModelRules.Circle(id, fallbacks) is { } circle)
            {
                item.Fault("fallbacks", $"lead back to the model: {string.Join(" → ", circle)}");
            }
        }
    }

    private void Report(MapReader item, FieldErrors errors) =>
        faults.AddRange(errors.All.Select(e => new ConfigFault(ConfigPaths.LineOf(item.Map, e.Path), item.PathOf(e.Path), e.Problem.Message)));

    private static CreateLogicalModel Fields(MapReader item) => new()
    {
        Id = item.Text("id"),
        DisplayName = item.Text("display_name"),
        Description = item.Text("description"),
        Aliases = item.Texts("aliases"),
        Upstreams = Upstreams(item),
        Fallbacks = item.Texts("fallbacks"),
        Strategy = item.Text("strategy"),
        Affinity = item.Text("affinity"),
        Timeouts = Timeouts(item),
        HedgeAfter = item.Text("hedge_after"),
        ThroughputGuard = ThroughputGuard(item),
        Continuation = item.Bool("continuation"),
        BanditReward = item.Text("bandit_reward"),
        Enabled = item.Bool("enabled"),
        Tags = item.Texts("tags"),
    };

    private static UpstreamInput[] Upstreams(MapReader item)
    {
        var upstreams = new List<UpstreamInput>();
        foreach (var upstream in item.Inners("upstreams"))
        {
            upstreams.Add(new UpstreamInput
            {
                Provider = upstream.Text("provider"),
                Model = upstream.Text("model"),
                Weight = upstream.Int("weight"),
                Enabled = upstream.Bool("enabled"),
            });
            upstream.Finish();
        }

        return [.. upstreams];
    }

    private static ThroughputGuardInput? ThroughputGuard(MapReader item)
    {
        var map = item.Inner("throughput_guard");
        var guard = map is null ? null : new ThroughputGuardInput(map.Number("min_chars_per_second"));
        map?.Finish();
        return guard;
    }

    private static LogicalModelTimeouts? Timeouts(MapReader item)
    {
        var map = item.Inner("timeouts");
        var timeouts = map is null ? null : new LogicalModelTimeouts(map.Int("ttft_ms"), map.Int("idle_ms"), map.Int("total_ms"));
        map?.Finish();
        return timeouts;
    }
}
