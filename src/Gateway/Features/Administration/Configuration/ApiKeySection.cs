using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Administration.Configuration.Yaml;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.ApiKeys;
using AIHigress.Gateway.Features.Identity.Budgets;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>What an item of <c>api_keys:</c> says of limits and budget, by the very rules of the API.</summary>
internal sealed class ApiKeySection(List<ConfigFault> faults)
{
    public (RequestLimits? Limits, KeyBudget? Budget) Read(MapReader item)
    {
        var limits = Limits(item.Inner("limits"));
        var budget = Budget(item.Inner("budget"));
        var errors = new FieldErrors();
        ApiKeyRules.CheckLimits(limits, budget, errors);
        faults.AddRange(errors.All.Select(e => new ConfigFault(ConfigPaths.LineOf(item.Map, e.Path), item.PathOf(e.Path), e.Problem.Message)));
        return (limits?.ToLimits(), budget?.ToBudget());
    }

    private static ApiKeyLimits? Limits(MapReader? map)
    {
        if (map is null)
        {
            return null;
        }

        var limits = new ApiKeyLimits { Rpm = map.Int("rpm"), Tpm = map.Long("tpm"), Concurrency = map.Int("concurrency") };
        map.Finish();
        return limits;
    }

    private static ApiKeyBudget? Budget(MapReader? map)
    {
        if (map is null)
        {
            return null;
        }

        var (amount, name) = (map.Long("amount_micro"), map.Text("period"));
        map.Finish();
        BudgetPeriod? period = null;
        foreach (var known in Enum.GetValues<BudgetPeriod>())
        {
            period = EnumFilter.Name(known) == name ? known : period;
        }

        if (amount is null)
        {
            map.Fault("amount_micro", "is required");
        }

        if (period is null)
        {
            map.Fault("period", "must be one of day, week, month, total");
        }

        return new ApiKeyBudget { AmountMicro = amount ?? 0, Period = period ?? BudgetPeriod.Day };
    }
}
