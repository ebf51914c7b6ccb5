namespace AIHigress.Gateway.Features.Providers.Health.Probing;

/// <summary>Asks a provider one tiny question as a client would; implemented by the data plane, which also records what it used.</summary>
public interface IProviderProbe
{
    /// <summary>Never throws for a failing provider.</summary>
    /// <param name="provider">Whom to ask; the key is chosen as for any request.</param>
    /// <param name="model">The upstream's model id.</param>
    /// <param name="prompt">What to ask.</param>
    /// <param name="cancellationToken">Ends the probe without a result.</param>
    Task<ProbeAnswer> AskAsync(ProviderRoute provider, string model, string prompt, CancellationToken cancellationToken);
}

/// <summary>How a probe went.</summary>
/// <param name="End">Answered, or whose fault it is that not.</param>
/// <param name="Ms">How long it took, milliseconds.</param>
/// <param name="Status">The upstream's HTTP status, when one came.</param>
/// <param name="Error">Scrubbed text of what went wrong.</param>
/// <param name="InputTokens">Tokens asked with.</param>
/// <param name="OutputTokens">Tokens answered with.</param>
public sealed record ProbeAnswer(ProbeEnd End, int Ms, int? Status, string? Error, long InputTokens = 0, long OutputTokens = 0);

public enum ProbeEnd
{
    /// <summary>A chat came back whole.</summary>
    Answered,

    /// <summary>No answer, an error, something that is no chat, or none of the keys was accepted.</summary>
    Failed,

    /// <summary>The provider would not have this request: this model, most likely.</summary>
    Refused,

    /// <summary>Too many requests, or no free place at the provider: nothing was learned.</summary>
    Busy,
}
