namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>What is known of each provider's health; immutable, swapped whole.</summary>
public sealed class ProviderHealthBoard
{
    private volatile IReadOnlyDictionary<string, ProviderHealth> _states = new Dictionary<string, ProviderHealth>();

    public ProviderHealth Of(string providerId) => _states.GetValueOrDefault(providerId);

    public void Publish(IReadOnlyDictionary<string, ProviderHealth> states) => _states = states;
}

public enum ProviderHealth
{
    Unknown,
    Healthy,
    Degraded,
    Down,
}
