namespace AIHigress.Gateway.Features.Identity.ApiKeys;

/// <summary>What the lists of a key may name. Implemented by the feature that knows models and providers; used for warnings only.</summary>
internal interface IKeyTargets
{
    bool HasProvider(string providerId);

    /// <param name="pattern">A model id, or a prefix ending in '*'.</param>
    bool HasModel(string pattern);
}
