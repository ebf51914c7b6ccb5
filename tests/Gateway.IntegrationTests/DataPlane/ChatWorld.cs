using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.TestKit;
using Microsoft.Data.Sqlite;

namespace AIHigress.Gateway.IntegrationTests.DataPlane;

/// <summary>A gateway with one good provider, whose behaviour the upstream model names; bodies up to 1 MiB.</summary>
public sealed class ChatWorld : GatewayWorld
{
    public const string Provider = "up";
    public const string DisabledKey = "sk-test-key-that-is-switched-off";
    public const string ExpiredKey = "sk-test-key-that-is-over-its-time";
    public const string OwnerlessKey = "sk-test-key-of-somebody-not-here";
    public const string NarrowKey = "sk-test-key-for-two-models-alone";

    /// <summary>Places at the provider of <c>hang-plain</c> and <c>hang-stream</c>.</summary>
    public const int Places = 60;

    /// <summary>Logical models and the upstream model behind each.</summary>
    public static readonly IReadOnlyDictionary<string, string> Models = new Dictionary<string, string>
    {
        ["plain"] = "mock-ok",
        ["same-name"] = "same-name",
        ["odd"] = "odd-upstream-model",
        ["gated-text"] = "mock-gate=text+chunks=6",
        ["gated-tools"] = "mock-gate=tools+tools=2",
        ["gated-usage"] = "mock-gate=usage+chunks=2",
        ["gated-asked-usage"] = "mock-gate=asked-usage+chunks=2",
        ["gated-again"] = "mock-gate=again+chunks=2",
        ["tools"] = "mock-tools=2",
        ["crlf"] = "mock-crlf",
        ["comments"] = "mock-comments=2",
        ["bom"] = "mock-bom",
        ["no-space"] = "mock-no-space",
        ["multi-line"] = "mock-multi-line-data",
        ["split-characters"] = "mock-split-utf8",
        ["split-bytes"] = "mock-split-bytes=3",
        ["everything-odd"] = "mock-crlf+comments=1+bom+split-bytes=5",
        ["no-done"] = "mock-no-done",
        ["no-finish"] = "mock-no-finish",
        ["huge"] = "mock-huge=1",
        ["reasoning"] = "mock-reasoning=3",
        ["refusal"] = "mock-refusal",
        ["usage-absent"] = "mock-usage=absent",
        ["usage-with-choices"] = "mock-usage=with_choices",
        ["usage-twice"] = "mock-usage=twice",
        ["usage-zero"] = "mock-zero-usage",
        ["usage-details"] = "mock-prompt-tokens=100+cached-tokens=60+completion-tokens=40+reasoning-tokens=30",
        ["headers"] = "mock-set-cookie+hop-headers+ratelimit-headers",
        ["not-found"] = "mock-status=404",
        ["limited"] = "mock-status=429",
        ["broken"] = "mock-status=500",
        ["slow"] = "mock-hang-before-headers",
    };

    public MockUpstreamProcess Mock { get; private set; } = null!;

    /// <summary>The mock that clients leave waiting.</summary>
    public MockUpstreamProcess HangingMock { get; private set; } = null!;

    protected override async Task DeclareAsync(GatewayDeclaration gateway)
    {
        Mock = await StartMockAsync("up");
        HangingMock = await StartMockAsync("hanging");
        gateway.Environment["MAX_REQUEST_BODY_MIB"] = "1";
        gateway
            .Provider(Provider, Mock.OpenAIBaseUrl)
            .Provider("guarded", Mock.OpenAIBaseUrl)
            .Provider("hanging", HangingMock.OpenAIBaseUrl, maxConcurrency: Places)
            .Model("guarded", ("guarded", "mock-ok"))
            .Model("hang-plain", ("hanging", "mock-hang-before-headers"))
            .Model("hang-stream", ("hanging", "mock-hang-after=3"))
            .ApiKey("disabled", DisabledKey)
            .ApiKey("expired", ExpiredKey)
            .ApiKey("ownerless", OwnerlessKey, "nobody@example.com")
            .ApiKey("narrow", NarrowKey, GatewayDeclaration.AdminEmail, "plain", "crl*");
        foreach (var (logical, upstream) in Models)
        {
            // Each has a provider of its own, so that what one of them does to keys and circuits stays with it.
            gateway.Provider(ProviderOf(logical), Mock.OpenAIBaseUrl).Model(logical, (ProviderOf(logical), upstream));
        }
    }

    public static string ProviderOf(string logical) => "up-" + logical;

    /// <summary>What gateway.yaml can't declare is changed beside the server, as another replica would.</summary>
    protected override async Task StartedAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Site.DatabaseFile};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE api_keys SET status = 'Disabled' WHERE name = 'disabled';
            UPDATE api_keys SET expires_at = created_at WHERE name = 'expired';
            UPDATE providers SET allow_private_host = 0 WHERE id = 'guarded';
            UPDATE change_versions SET version = version + 1;
            """;
        Assert.True(await command.ExecuteNonQueryAsync() >= 4);
        using var disabled = new ChatClient(Gateway.Address, DisabledKey);
        await Eventually.TrueAsync(async () => (await disabled.AskAsync("plain")).Status == 403, "the changes have reached the running state");
    }
}
