using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>One way in which a provider fails before any content, and what must follow from it.</summary>
/// <param name="Name">Names the case, its provider and its logical models.</param>
/// <param name="Stream">Whether the client asks for a stream.</param>
/// <param name="Behaviour">The mock's model id; empty for a provider that nobody listens for.</param>
/// <param name="Category">The attempt's category in the request log.</param>
/// <param name="Status">What the client gets when no other provider is there.</param>
/// <param name="Code">Its code.</param>
/// <param name="Hangs">Only a timeout ends it.</param>
/// <param name="RetryAfter">The Retry-After of the answer when no other provider is there.</param>
public sealed record ProviderFault(
    string Name, bool Stream, string Behaviour, string Category, int Status, string Code, bool Hangs = false, string? RetryAfter = null)
{
    private const string Failed = "upstream_failed";
    private const string TimedOut = "upstream_timeout";

    public static readonly IReadOnlyList<ProviderFault> All =
    [
        .. Both("refused-connection", "", "network", 502, Failed),
        .. Both("reset-at-once", "mock-refuse", "network", 502, Failed),
        .. Both("hang-before-headers", "mock-hang-before-headers", "timeout", 504, TimedOut, hangs: true),
        .. Both("hang-before-content", "mock-hang-after=1", "timeout", 504, TimedOut, hangs: true),
        .. Both("endless-headers", "mock-endless-headers", "network", 502, Failed),
        .. Both("huge-headers", "mock-header-kib=100", "network", 502, Failed),
        .. Both("slow-drip", "mock-slow-drip=50", "timeout", 504, TimedOut, hangs: true),
        .. Both("error-in-200", "mock-error-after=0", "upstream_error", 502, Failed),
        .. Both("overload-in-200", "mock-error-after=0+error-status=503", "upstream_error", 502, Failed),
        .. Both("limit-in-200", "mock-error-after=0+error-status=429", "rate_limited", 429, "upstream_rate_limited", retryAfter: "1"),
        .. Both("empty-200", "mock-empty-200", "malformed", 502, Failed),
        .. Both("garbage-json", "mock-garbage=json", "malformed", 502, Failed),
        .. Both("garbage-html", "mock-garbage=html", "malformed", 502, Failed),
        .. Both("reset-before-content", "mock-cut-after=1", "network", 502, Failed),
        .. Both("close-before-content", "mock-close-after=1", "network", 502, Failed),
        .. Both("redirect", "mock-status=302", "malformed", 502, Failed),
        new("reset-before-event", true, "mock-cut-after=0", "network", 502, Failed),
        new("close-before-event", true, "mock-close-after=0", "network", 502, Failed),
        new("error-after-role", true, "mock-error-after=1", "upstream_error", 502, Failed),
        new("only-role", true, "mock-only-role-then-end", "malformed", 502, Failed),
        new("end-before-content", true, "mock-end-after=1", "malformed", 502, Failed),
        new("half-first-event", true, "mock-truncated-event=0", "malformed", 502, Failed),
        new("half-second-event", true, "mock-truncated-event=1", "malformed", 502, Failed),
        new("garbage-after-role", true, "mock-garbage=json+garbage-after=1", "malformed", 502, Failed),
        new("wrong-content-type", true, "mock-wrong-content-type", "malformed", 502, Failed),
        new("html-content-type", true, "mock-wrong-content-type=text/html", "malformed", 502, Failed),
        new("truncated-json", false, "mock-truncated-json=matching", "malformed", 502, Failed),
        new("short-json", false, "mock-truncated-json=short", "network", 502, Failed),
        new("unasked-gzip", false, "mock-gzip", "malformed", 502, Failed),
        .. new[] { 408, 409, 425, 500, 502, 503, 504, 529 }.SelectMany(status =>
            Both($"status-{status}", $"mock-status={status}", "upstream_error", 502, Failed)),
        .. Both("status-500-html", "mock-status=500+error-body=html", "upstream_error", 502, Failed),
        .. Both("status-500-empty", "mock-status=500+error-body=empty", "upstream_error", 502, Failed),
        .. Both("status-503-retry-after", "mock-status=503+retry-after=5", "upstream_error", 502, Failed),
        .. Both("status-429", "mock-status=429", "rate_limited", 429, "upstream_rate_limited", retryAfter: "1"),
        .. Both("status-429-retry-after", "mock-status=429+retry-after=17", "rate_limited", 429, "upstream_rate_limited", retryAfter: "17"),
        .. new[] { 401, 402, 403 }.SelectMany(status => Both($"status-{status}", $"mock-status={status}", "auth", 502, Failed)),
        .. Both("unsupported", "mock-unsupported=tools", "unsupported", 400, "upstream_rejected"),
    ];

    public string Id => $"{Name}-{(Stream ? "stream" : "plain")}";

    /// <summary>Its logical model with a healthy second provider.</summary>
    public string Model => Id;

    /// <summary>Its logical model with nothing else.</summary>
    public string LoneModel => Id + "-alone";

    /// <summary>Its logical model with two healthy providers beside it, among which traffic is spread. Its provider is another one: load has keys rest.</summary>
    public string OneOfThree => Id + "-of-three";

    public string Provider => "p-" + Id;

    public string LoneProvider => Provider + "-alone";

    public static ProviderFault Named(string id) => All.Single(f => f.Id == id);

    public void Declare(GatewayDeclaration gateway, Uri faulty, Uri nobody, string healthy, string alsoHealthy)
    {
        var address = Behaviour.Length == 0 ? nobody : faulty;
        var model = Behaviour.Length == 0 ? "unreachable" : Behaviour;
        var timeouts = Hangs ? GatewayDeclaration.Timeouts.Short : null;
        gateway
            .Provider(Provider, address, timeouts)
            .Provider(LoneProvider, address, timeouts)
            .Provider(Provider + "-of-three", address, timeouts)
            .Model(Model, (Provider, model), (healthy, "mock-ok"))
            .Model(LoneModel, (LoneProvider, model))
            .Model(OneOfThree, "balanced", [(Provider + "-of-three", model), (healthy, "mock-ok"), (alsoHealthy, "mock-ok")]);
    }

    private static ProviderFault[] Both(
        string name, string behaviour, string category, int status, string code, bool hangs = false, string? retryAfter = null) =>
    [
        new(name, false, behaviour, category, status, code, hangs, retryAfter),
        new(name, true, behaviour, category, status, code, hangs, retryAfter),
    ];
}
