using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;
using Microsoft.Data.Sqlite;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>A gateway in front of one mock, declared four times: once per kind of upstream.</summary>
public sealed class ProtocolWorld : GatewayWorld
{
    public const string Arguments = """{"a":"mark1mark1mark1","b":"mark2mark2mark2","c":"mark3mark3mark3","d":"mark4mark4mark4"}""";

    public static readonly IReadOnlyList<string> Kinds = ["openai", "openai_responses", "anthropic", "gemini"];

    /// <summary>Behaviours, each reachable over each kind as <see cref="ModelOf"/>.</summary>
    private static readonly Dictionary<string, Behaviour> Behaviours = new()
    {
        ["text"] = new() { PromptTokens = 100, CachedTokens = 60, CompletionTokens = 40, ReasoningTokens = 30, Text = "Grüße, 世界 😀 \"quoted\"\nline" },
        ["tools"] = new() { Tools = 2, ToolArguments = Arguments },
        ["thinking"] = new() { Reasoning = 3, Chunks = 3 },
        ["thinking-tools"] = new() { Reasoning = 2, Tools = 1, ToolArguments = Arguments },
        ["refusal"] = new() { Refusal = true },
        ["length"] = new(),
        ["breaks"] = new() { ErrorAfter = 7 },
        ["cut"] = new() { CutAfter = 7 },
        ["no-usage"] = new() { Usage = UsageShape.Absent },
        ["odd-frames"] = new() { Crlf = true, SplitBytes = 3, Text = "Grüße, 世界 😀" },
        ["rejects"] = new() { Status = 400, ErrorMessage = "The prompt is longer than this model can read." },
        ["fails"] = new() { Status = 529 },
        ["limited"] = new() { Status = 429, RetryAfter = "7" },
        ["gate-text"] = new() { Gate = "g", Chunks = 4 },
        ["gate-tools"] = new() { Gate = "g", Tools = 1, ToolArguments = Arguments },
        ["gate-thinking"] = new() { Gate = "g", Reasoning = 3, Chunks = 1 },
    };

    public MockUpstreamProcess Mock { get; private set; } = null!;

    /// <summary>The mock whose models are found by asking, page by page, and that clients leave waiting.</summary>
    public MockUpstreamProcess Other { get; private set; } = null!;

    /// <summary>The logical model that shows a behaviour over a kind of upstream.</summary>
    public static string ModelOf(string behaviour, string kind) => $"{behaviour}-over-{kind}";

    /// <summary>A provider of the kind that is never in trouble.</summary>
    public static string SpareOf(string kind) => $"spare-{kind}".Replace('_', '-');

    public Uri BaseUrl(string kind) => BaseUrl(Mock, kind);

    public static Uri BaseUrl(MockUpstreamProcess mock, string kind) => new(mock.BaseAddress, kind == "gemini" ? "/v1beta" : "/v1");

    protected override async Task DeclareAsync(GatewayDeclaration gateway)
    {
        Mock = await StartMockAsync("up");
        foreach (var kind in Kinds)
        {
            foreach (var (name, behaviour) in Behaviours)
            {
                // A provider for each, so that what one behaviour does to circuits stays with it.
                var provider = $"{name}-{kind}".Replace('_', '-');
                gateway.Provider(provider, kind, BaseUrl(kind)).Model(ModelOf(name, kind), (provider, ModelOf(name, kind)));

                // Each test's gate is its own.
                foreach (var client in behaviour.Gate is null ? [""] : ProtocolClient.Protocols)
                {
                    var model = client.Length == 0 ? ModelOf(name, kind) : $"{ModelOf(name, kind)}-{client}";
                    if (client.Length > 0)
                    {
                        gateway.Model(model, (provider, model));
                    }

                    await Mock.Control.ScriptAsync(model, name == "length" ? CutShort(kind) : behaviour.Gate is null ? behaviour : Gated(behaviour, model));
                    if (behaviour.Gate is not null)
                    {
                        await Mock.Control.ScriptAsync("open-" + model, Gated(behaviour, null));
                    }
                }
            }

            gateway.Provider(SpareOf(kind), kind, BaseUrl(kind));
            gateway.Model("failover-to-" + kind, ($"fails-{kind}".Replace('_', '-'), ModelOf("fails", kind)), ($"spare-{kind}".Replace('_', '-'), "mock-ok"));
        }

        Other = await StartMockAsync("other", pageSize: 2, "found-1", "found-2", "found-3", "found-4", "found-5");
        await new ProtocolModels(Mock, Other).DeclareAsync(gateway);
    }

    /// <summary>What gateway.yaml can't declare is changed beside the server, as another replica would.</summary>
    protected override async Task StartedAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Site.DatabaseFile};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE api_keys SET status = 'Disabled' WHERE name = 'disabled';
            UPDATE change_versions SET version = version + 1;
            """;
        Assert.True(await command.ExecuteNonQueryAsync() >= 2);
        using var disabled = new ChatClient(Gateway.Address, ProtocolModels.DisabledKey);
        await Eventually.TrueAsync(async () => (await disabled.GetAsync("/v1/models")).Status == 403, "the changes have reached the running state");
    }

    private static Behaviour CutShort(string kind) => new()
    {
        FinishReason = kind switch { "anthropic" => "max_tokens", "gemini" => "MAX_TOKENS", _ => "length" },
    };

    private static Behaviour Gated(Behaviour behaviour, string? gate) => new()
    {
        Gate = gate,
        Chunks = behaviour.Chunks,
        Tools = behaviour.Tools,
        ToolArguments = behaviour.ToolArguments,
        Reasoning = behaviour.Reasoning,
    };
}
