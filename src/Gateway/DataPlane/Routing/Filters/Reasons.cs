using AIHigress.Wire;

namespace AIHigress.Gateway.DataPlane.Routing.Filters;

/// <summary>Why an upstream is no candidate: a stable code for each filter of data-plane.md §3, and a sentence for people.</summary>
internal static class Reasons
{
    public const string Private = "private_provider";
    public const string NotShared = "not_shared";
    public const string Offline = "provider_offline";
    public const string NotApproved = "not_approved";
    public const string NotAllowedForKey = "not_allowed_for_key";
    public const string Paused = "provider_paused";
    public const string Disabled = "upstream_disabled";
    public const string ModelDisabled = "model_disabled";
    public const string ModelMissing = "model_missing";
    public const string ModelNotListed = "model_not_listed";
    public const string LacksCapability = "lacks_capability";
    public const string ContextTooShort = "context_too_short";
    public const string SealedElsewhere = "sealed_elsewhere";
    public const string Unsupported = "unsupported";
    public const string ExcludedByHeader = "excluded_by_header";
    public const string OtherRegion = "other_region";
    public const string HealthDown = "health_down";
    public const string CircuitOpen = "circuit_open";
    public const string CircuitOnTrial = "circuit_on_trial";
    public const string ProviderConcurrency = "provider_concurrency";
    public const string ProviderRate = "provider_rate";
    public const string NoKeys = "no_keys";
    public const string KeysPaused = "keys_paused";
    public const string NoProxy = "no_proxy";
    public const string OverBudget = "over_budget";

    /// <summary>True for providers that the caller may not even know of.</summary>
    public static bool IsHidden(string code) => code is Private or NotShared or Offline or NotApproved or NotAllowedForKey;

    /// <summary>True for upstreams that will never take this request.</summary>
    public static bool IsUnfit(string code) => code is LacksCapability or ContextTooShort or Unsupported;

    public static string Text(in Exclusion exclusion) => exclusion.Reason switch
    {
        Private => "The provider is private and belongs to somebody else.",
        NotShared => "The provider is shared, but not with this user.",
        Offline => "The provider has been taken offline by an operator.",
        NotApproved => "The public provider waits for its review to be approved.",
        NotAllowedForKey => "The API key may not use this provider.",
        Paused => "The provider is paused.",
        Disabled => "The upstream is switched off in the logical model.",
        ModelDisabled => "The provider's model is switched off.",
        ModelMissing => "The provider no longer lists this model.",
        ModelNotListed => "The model is not in the provider's declared list.",
        LacksCapability => $"The model lacks what the request needs: {Names(exclusion.Missing)}.",
        ContextTooShort => $"The prompt has about {exclusion.PromptTokens} tokens; the model's context holds {exclusion.Upstream.ContextLength}.",
        SealedElsewhere => "The request carries encrypted thoughts that only another provider can read.",
        Unsupported => $"The provider's protocol can't carry {string.Join(", ", exclusion.Fields ?? [])}.",
        ExcludedByHeader => "The request's wishes (X-Route-Providers, X-Route-Exclude) leave it out.",
        OtherRegion => $"The provider is in {exclusion.Upstream.Provider.Region ?? "no named region"}, and another region was asked for.",
        HealthDown => "Probes and traffic show that the provider is down.",
        CircuitOpen => "The circuit is open after repeated failures.",
        CircuitOnTrial => "The circuit is half-open, and another request is trying it at the moment.",
        ProviderConcurrency => "The provider has as many requests at once as it may.",
        ProviderRate => $"The provider has had as many requests per second as it may{Free(exclusion)}.",
        NoKeys => "The provider has no usable key.",
        KeysPaused => $"Every key of the provider rests or is at its limit{Free(exclusion)}.",
        NoProxy => "The provider may be reached through a proxy only, and none works at the moment.",
        OverBudget => "The request would cost more than is left.",
        var other => $"A filter left it out: {other}.",
    };

    /// <summary>The names of needs, as <c>features</c> in decide has them.</summary>
    public static string Names(RequestNeeds needs) => string.Join(", ", List(needs));

    public static IReadOnlyList<string> List(RequestNeeds needs)
    {
        var names = new List<string>(2);
        Add(RequestNeeds.Tools, "tools");
        Add(RequestNeeds.Vision, "vision");
        Add(RequestNeeds.Audio, "audio");
        Add(RequestNeeds.JsonSchema, "json_schema");
        Add(RequestNeeds.Reasoning, "reasoning");
        return names;

        void Add(RequestNeeds need, string name)
        {
            if ((needs & need) != RequestNeeds.None)
            {
                names.Add(name);
            }
        }
    }

    private static string Free(in Exclusion exclusion) =>
        exclusion.Wait is { } wait ? $"; the next place is free in {Math.Max(1, (int)Math.Ceiling(wait.TotalMilliseconds))} ms" : "";
}
