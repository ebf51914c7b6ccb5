namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>Between how a provider is probed as it is stored and as it is said.</summary>
internal static class ProbeMapping
{
    public static ProbeSettings Of(Provider provider) => new()
    {
        Enabled = provider.ProbeEnabled,
        IntervalSeconds = provider.ProbeIntervalSeconds,
        Model = provider.ProbeModel,
        Prompt = provider.ProbePrompt,
        AutoPause = provider.ProbeAutoPause,
    };

    public static void Apply(ProbeSettings? input, Provider provider)
    {
        provider.ProbeEnabled = input?.Enabled ?? true;
        provider.ProbeIntervalSeconds = input?.IntervalSeconds;
        provider.ProbeModel = input?.Model;
        provider.ProbePrompt = input?.Prompt;
        provider.ProbeAutoPause = input?.AutoPause ?? true;
    }
}
