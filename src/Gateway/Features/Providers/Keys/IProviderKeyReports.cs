namespace AIHigress.Gateway.Features.Providers.Keys;

/// <summary>What traffic shows of provider keys. Costs the caller nothing: what follows is done later.</summary>
public interface IProviderKeyReports
{
    /// <summary>The provider has refused a key for so long that it will not come back by itself.</summary>
    /// <param name="providerId">Whose key it is.</param>
    /// <param name="keyId">The key.</param>
    /// <param name="reason">The provider's words, scrubbed.</param>
    void Invalid(string providerId, Guid keyId, string reason);
}
