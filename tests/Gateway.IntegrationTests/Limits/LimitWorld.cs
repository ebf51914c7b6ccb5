using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Limits;

/// <summary>One replica without Redis, and keys with limits; each test has a key of its own.</summary>
public sealed class LimitWorld : GatewayWorld
{
    public MockUpstreamProcess Mock { get; private set; } = null!;

    /// <summary>The keys and what limits them.</summary>
    public static readonly IReadOnlyDictionary<string, object> Keys = new Dictionary<string, object>
    {
        [Token("rpm-chat")] = new { rpm = 3 },
        [Token("rpm-messages")] = new { rpm = 1 },
        [Token("rpm-gemini")] = new { rpm = 1 },
        [Token("tokens")] = new { tpm = 1000 },
        [Token("tokens-failed")] = new { tpm = 1000 },
        [Token("places")] = new { concurrency = 2, rpm = 1000 },
        [Token("one-place")] = new { concurrency = 1 },
        [Token("background")] = new { rpm = 1, tpm = 100_000, concurrency = 1 },
    };

    public static string Token(string name) => $"sk-test-key-of-the-limit-tests-{name}";

    public ChatClient ClientOf(string name) => new(Gateway.Address, Token(name));

    protected override async Task DeclareAsync(GatewayDeclaration gateway)
    {
        Mock = await StartMockAsync("limits");
        gateway
            .Provider("up", Mock.OpenAIBaseUrl)
            .Provider("responses", "openai_responses", Mock.OpenAIBaseUrl)
            .Provider("per-minute", Mock.OpenAIBaseUrl, keys: ["one", "two"]).WithProviderKeys("rpm", 2)
            .Provider("few-tokens", Mock.OpenAIBaseUrl).WithProviderKeys("tpm", 1000)
            .Model("plain", ("up", "mock-ok"))
            .Model("broken", ("up-broken", "mock-status=400"))
            .Provider("up-broken", Mock.OpenAIBaseUrl)
            .Model("held", ("up", "mock-gate=held"))
            .Model("held-stream", ("up", "mock-gate=held-stream+chunks=1"))
            .Model("answers", ("responses", "mock-ok"))
            .Model("per-minute", ("per-minute", "mock-ok"))
            .Model("few-tokens", ("few-tokens", "mock-ok"));
        foreach (var (token, limits) in Keys)
        {
            gateway.LimitedApiKey(token, token, limits);
        }
    }
}
