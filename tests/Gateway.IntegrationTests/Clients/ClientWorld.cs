using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Control;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Clients;

/// <summary>
/// A gateway for stock clients: the models that the samples declare, under the names that their agents ask for, and a
/// provider of each kind. The API key decides which of these serves a request.
/// </summary>
public sealed class ClientWorld : GatewayWorld
{
    /// <summary>Samples that are given a model of their own name.</summary>
    public static readonly IReadOnlyList<string> Sdks = ["openai-node", "anthropic-node", "google-genai-node", "vercel-ai-node"];

    public static readonly IReadOnlyList<string> Agents = ["claude-code", "codex", "gemini-cli", "opencode"];

    /// <summary>Kinds of providers, and the end of the path where each is asked.</summary>
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["openai"] = "/chat/completions",
        ["openai_responses"] = "/responses",
        ["anthropic"] = "/messages",
        ["gemini"] = "enerateContent",
    };

    private MockUpstreamProcess _mock = null!;

    public static string KeyOf(string kind) => "sk-test-key-of-clients-over-" + ProviderOf(kind);

    /// <summary>Answers what is asked of a model over a kind of provider by a script.</summary>
    public Task ScriptAsync(string model, string kind, Behaviour behaviour) =>
        _mock.Control.ScriptAsync(model, behaviour, GatewayDeclaration.SecretOf(ProviderOf(kind)));

    /// <summary>What the provider of that kind was asked of a model, oldest first; counting of tokens is not in it.</summary>
    public async Task<IReadOnlyList<RecordedRequest>> RequestsAsync(string model, string kind)
    {
        var all = await _mock.Control.RequestsAsync(model);
        return [.. all.Where(r => r.Key == GatewayDeclaration.SecretOf(ProviderOf(kind)) && r.Path.Split('?')[0].EndsWith(Kinds[kind], StringComparison.Ordinal))];
    }

    protected override async Task DeclareAsync(GatewayDeclaration gateway)
    {
        _mock = await StartMockAsync("clients");
        foreach (var kind in Kinds.Keys)
        {
            gateway
                .Provider(ProviderOf(kind), kind, _mock.BaseAddress)
                .PinnedApiKey("over-" + kind, KeyOf(kind), ProviderOf(kind));
        }

        foreach (var (id, aliases) in Agents.SelectMany(SampleModels.Of).Concat(Sdks.Select(sdk => new SampleModel(sdk, []))))
        {
            gateway.Model(id, "priority", [.. Kinds.Keys.Select(kind => (ProviderOf(kind), id))], [.. aliases]);
        }
    }

    private static string ProviderOf(string kind) => kind.Replace('_', '-');
}
