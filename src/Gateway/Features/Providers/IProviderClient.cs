namespace AIHigress.Gateway.Features.Providers;

/// <summary>Calls a provider outside of client traffic; implemented by the data plane's adapters and transport.</summary>
public interface IProviderClient
{
    /// <summary>The provider's own model ids.</summary>
    /// <exception cref="ProviderCallException">It could not be asked, or answered with something else.</exception>
    Task<IReadOnlyList<string>> ListModelsAsync(ProviderRoute provider, ProviderKeyRoute? key, CancellationToken cancellationToken);

    /// <summary>Tries name resolution and connection, the model list, a tiny chat and a tiny stream; never throws for a failing provider.</summary>
    Task<IReadOnlyList<ProviderTestStep>> TestAsync(ProviderRoute provider, ProviderKeyRoute? key, string? model, CancellationToken cancellationToken);
}

/// <summary>One step of a provider test.</summary>
/// <param name="Name">connect, models, chat or stream.</param>
/// <param name="Ok">Whether it went well.</param>
/// <param name="Ms">How long it took, milliseconds.</param>
/// <param name="Status">The upstream's HTTP status, when one came.</param>
/// <param name="Error">Scrubbed text of what went wrong.</param>
public sealed record ProviderTestStep(string Name, bool Ok, int Ms, int? Status, string? Error);

/// <summary>A provider could not be asked; the message is scrubbed of keys and URLs.</summary>
public sealed class ProviderCallException(int? status, string message) : Exception(message)
{
    public int? Status { get; } = status;
}
