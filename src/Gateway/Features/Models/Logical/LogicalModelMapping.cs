using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>Between a logical model and the document that people edit.</summary>
internal static class LogicalModelMapping
{
    public static EditLogicalModel Document(LogicalModel model) => new()
    {
        DisplayName = model.DisplayName,
        Description = model.Description,
        Aliases = model.Aliases,
        Upstreams = [.. model.Upstreams.Select(u => new UpstreamInput { Provider = u.Provider, Model = u.Model, Weight = u.Weight, Enabled = u.Enabled })],
        Fallbacks = model.Fallbacks,
        Strategy = model.Strategy,
        Affinity = EnumFilter.Name(model.Affinity),
        Timeouts = new LogicalModelTimeouts(model.TtftTimeoutMs, model.IdleTimeoutMs, model.TotalTimeoutMs),
        HedgeAfter = model.HedgeAfter,
        ThroughputGuard = new ThroughputGuardInput(model.MinCharsPerSecond),
        Continuation = model.Continuation,
        BanditReward = EnumFilter.Name(model.BanditReward),
        Enabled = model.Enabled,
        Tags = model.Tags,
    };

    public static void Apply(LogicalModelFields input, LogicalModel model)
    {
        model.DisplayName = input.DisplayName;
        model.Description = input.Description;
        model.Aliases = input.Aliases ?? [];
        model.Upstreams =
        [
            .. (input.Upstreams ?? []).Select(u => new LogicalModelUpstream { Provider = u.Provider!, Model = u.Model!, Weight = u.Weight ?? 1, Enabled = u.Enabled ?? true }),
        ];
        model.Fallbacks = input.Fallbacks ?? [];
        model.Strategy = input.Strategy;
        model.TtftTimeoutMs = input.Timeouts?.TtftMs;
        model.IdleTimeoutMs = input.Timeouts?.IdleMs;
        model.TotalTimeoutMs = input.Timeouts?.TotalMs;
        model.Affinity = LogicalModelRules.Named<PromptAffinity>(input.Affinity) ?? PromptAffinity.None;
        model.HedgeAfter = input.HedgeAfter;
        model.MinCharsPerSecond = input.ThroughputGuard?.MinCharsPerSecond;
        model.Continuation = input.Continuation ?? false;
        model.BanditReward = LogicalModelRules.Named<BanditReward>(input.BanditReward) ?? BanditReward.Success;
        model.Enabled = input.Enabled ?? true;
        model.Tags = input.Tags ?? [];
    }

    /// <summary>The id and the aliases, as rows of the one name space.</summary>
    public static IEnumerable<ModelName> Names(LogicalModel model) =>
        model.Aliases.Select(alias => new ModelName { Name = alias, ModelId = model.Id, IsAlias = true })
            .Prepend(new ModelName { Name = model.Id, ModelId = model.Id });

    public static AuditDiff Diff(EditLogicalModel before, EditLogicalModel after) => new AuditDiff()
        .Add("display_name", before.DisplayName, after.DisplayName)
        .Add("description", before.Description, after.Description)
        .Add("aliases", before.Aliases, after.Aliases)
        .Add("upstreams", before.Upstreams, after.Upstreams)
        .Add("fallbacks", before.Fallbacks, after.Fallbacks)
        .Add("strategy", before.Strategy, after.Strategy)
        .Add("affinity", before.Affinity, after.Affinity)
        .Add("timeouts", before.Timeouts, after.Timeouts)
        .Add("hedge_after", before.HedgeAfter, after.HedgeAfter)
        .Add("throughput_guard", before.ThroughputGuard, after.ThroughputGuard)
        .Add("continuation", before.Continuation, after.Continuation)
        .Add("bandit_reward", before.BanditReward, after.BanditReward)
        .Add("enabled", before.Enabled, after.Enabled)
        .Add("tags", before.Tags, after.Tags);
}
