using AIHigress.Gateway.Features.Models.Policies;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// An upstream's weight in parts of the one given to it: answers raise it a little, failures lower it much, and left
/// alone it goes back to 1. So what was bad gets its share back step by step.
/// </summary>
internal static class DynamicWeight
{
    public static double Faded(double factor, TimeSpan elapsed, DynamicWeightPolicy policy)
    {
        if (!policy.Enabled)
        {
            return 1;
        }

        var keep = elapsed.Ticks <= 0 ? 1 : Math.Pow(0.5, elapsed.TotalSeconds / policy.HalfLifeSeconds);
        return 1 + ((factor - 1) * keep);
    }

    public static double After(double factor, Sample sample, DynamicWeightPolicy policy)
    {
        var step = sample switch
        {
            Sample.Success => policy.Success,
            Sample.Failure => -policy.Retryable,
            Sample.FatalFailure => -policy.Fatal,
            _ => 0,
        };
        return policy.Enabled && step != 0 ? Math.Clamp(factor + step, policy.Min, policy.Max) : factor;
    }
}
