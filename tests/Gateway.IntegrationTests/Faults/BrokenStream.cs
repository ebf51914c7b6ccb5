using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>One way in which a stream breaks after content was sent.</summary>
/// <param name="Name">Names the case, its provider and its logical model.</param>
/// <param name="Behaviour">The mock's model id; all break after the role and three words.</param>
/// <param name="Category">The attempt's category in the request log.</param>
/// <param name="Code">The code of the error event.</param>
/// <param name="Words">Words that the client has got by then.</param>
public sealed record BrokenStream(string Name, string Behaviour, string Category, string Code, int Words = 3)
{
    public static readonly IReadOnlyList<BrokenStream> All =
    [
        new("reset", "mock-cut-after=4", "network", "upstream_failed"),
        new("close", "mock-close-after=4", "network", "upstream_failed"),
        new("hang", "mock-hang-after=4", "timeout", "upstream_timeout"),
        new("error-event", "mock-error-after=4", "upstream_error", "upstream_failed"),
        new("limit-event", "mock-error-after=4+error-status=429", "rate_limited", "upstream_failed"),
        new("garbage", "mock-garbage=json+garbage-after=4", "malformed", "upstream_failed"),
        new("half-event", "mock-truncated-event=4", "malformed", "upstream_failed"),
        new("early-end", "mock-end-after=4", "network", "upstream_failed"),
        new("no-finish", "mock-no-finish+no-done", "network", "upstream_failed", Words: 8),
    ];

    public string Model => "broken-" + Name;

    /// <summary>The model of the healthy provider that must not be asked.</summary>
    public string Untouched => "untouched-" + Name;

    public static BrokenStream Named(string name) => All.Single(b => b.Name == name);

    public void Declare(GatewayDeclaration gateway, Uri faulty, string healthy) => gateway
        .Provider(Model, faulty, Name == "hang" ? GatewayDeclaration.Timeouts.Short with { TotalMs = 20_000 } : null)
        .Model(Model, (Model, Behaviour), (healthy, Untouched));
}
