using System.Collections.Frozen;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>How a provider does, by its probes and its traffic of the last minutes.</summary>
public enum ProviderHealth
{
    Unknown,
    Healthy,
    Degraded,
    Down,
}

/// <summary>The health that planning reads: swapped whole with every snapshot, the same on all replicas.</summary>
public sealed class ProviderHealthBoard
{
    private volatile FrozenDictionary<string, ProviderHealth> _current = FrozenDictionary<string, ProviderHealth>.Empty;

    /// <summary>Unknown for a provider that nobody judged yet.</summary>
    public ProviderHealth Of(string providerId) => _current.GetValueOrDefault(providerId);

    /// <summary>Every provider whose health is known.</summary>
    public IReadOnlyDictionary<string, ProviderHealth> Current => _current;

    public void Publish(IReadOnlyDictionary<string, ProviderHealth> health) => _current = health.ToFrozenDictionary(StringComparer.Ordinal);
}
