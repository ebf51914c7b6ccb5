namespace AIHigress.Gateway.Features.Providers;

/// <summary>Tells what would lose a provider when it goes; implemented by the feature that owns logical models.</summary>
public interface IProviderUsers
{
    /// <summary>Names such as "logical_model:fast", in order.</summary>
    Task<IReadOnlyList<string>> OfAsync(string providerId, CancellationToken cancellationToken);

    /// <summary>The upstream models that logical models ask the provider for, in order.</summary>
    Task<IReadOnlyList<string>> ModelsOfAsync(string providerId, CancellationToken cancellationToken);
}
