namespace AIHigress.Gateway.Features.Identity.ApiKeys;

/// <summary>
/// What the lists of a key may name, as the key's owner sees it. Implemented by the feature that knows models and
/// providers; used for warnings only.
/// </summary>
internal interface IKeyTargets
{
    bool HasProvider(Guid owner, string providerId);

    /// <param name="owner">The user that the key acts for.</param>
    /// <param name="pattern">A model id, or a prefix ending in '*'.</param>
    bool HasModel(Guid owner, string pattern);
}
