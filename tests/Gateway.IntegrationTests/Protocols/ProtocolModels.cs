using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>The models of the tests that need more than one behaviour over each kind.</summary>
internal sealed class ProtocolModels(MockUpstreamProcess mock, MockUpstreamProcess other)
{
    public const string DisabledKey = "sk-test-key-that-was-disabled-7";
    public const string NarrowKey = "sk-test-key-for-few-models-7777";

    /// <summary>A failing provider of one kind, and the kind that helps out.</summary>
    public static readonly IReadOnlyDictionary<string, string> HelperOf = new Dictionary<string, string>
    {
        ["openai_responses"] = "anthropic",
        ["anthropic"] = "gemini",
        ["gemini"] = "openai",
    };

    /// <summary>What the mock can do instead of an answer, in any protocol.</summary>
    public static readonly IReadOnlyDictionary<string, string> Faults = new Dictionary<string, string>
    {
        ["refuses"] = "mock-refuse",
        ["fails-500"] = "mock-status=500",
        ["fails-529"] = "mock-status=529",
        ["fails-html"] = "mock-status=502+error-body=html",
        ["limited"] = "mock-status=429",
        ["forbids"] = "mock-status=401",
        ["hangs"] = "mock-hang-before-headers",
        ["empty"] = "mock-empty-200",
        ["half-json"] = "mock-truncated-json=matching",
        ["garbage-json"] = "mock-garbage=json",
        ["garbage-html"] = "mock-garbage=html",
        ["error-first"] = "mock-error-after=0",
        ["start-then-end"] = "mock-only-role-then-end",
        ["endless-headers"] = "mock-endless-headers",
    };

    public async Task DeclareAsync(GatewayDeclaration gateway)
    {
        gateway
            .ApiKey("disabled", DisabledKey)
            .ApiKey("narrow", NarrowKey, GatewayDeclaration.AdminEmail, "plain-over-*");
        foreach (var kind in ProtocolWorld.Kinds)
        {
            DeclareCounts(gateway, kind);
            await DeclareSealsAsync(gateway, kind);
            await DeclareArraysAsync(gateway, kind);
            gateway.DiscoveredProvider(Id("found", kind), kind, ProtocolWorld.BaseUrl(other, kind));
            gateway.Provider(Id("left", kind), kind, ProtocolWorld.BaseUrl(other, kind)).Model("left-over-" + kind, (Id("left", kind), "mock-hang-after=7"));
            foreach (var client in ProtocolClient.Protocols)
            {
                // Its own upstream name for each pair, by which its request is found in the mock's journal.
                var model = TalkOf(client, kind);
                gateway.Model(model, (ProtocolWorld.SpareOf(kind), model));
            }
        }

        DeclareFaults(gateway);
    }

    /// <summary>The model of one pair's conversations.</summary>
    public static string TalkOf(string protocol, string kind) => $"talk-{protocol}-over-{kind}";

    public static string FaultOf(string fault, string kind, string protocol) => $"fault-{fault}-{kind}-{protocol}";

    public static string Id(string name, string kind) => $"{name}-{kind}".Replace('_', '-');

    private void DeclareCounts(GatewayDeclaration gateway, string kind)
    {
        var spare = ProtocolWorld.SpareOf(kind);
        gateway
            .Model("plain-over-" + kind, (spare, "mock-ok"))
            .Model("counted-over-" + kind, (spare, "mock-prompt-tokens=1234"))
            .Provider(Id("miscounts", kind), kind, ProtocolWorld.BaseUrl(mock, kind))
            .Model("miscounted-over-" + kind, (Id("miscounts", kind), "mock-status=500"));
        foreach (var client in (string[])["messages", "gemini"])
        {
            gateway.Model($"count-{client}-over-{kind}", (spare, $"count-{client}-over-{kind}"));
        }
    }

    /// <summary>Two providers of a kind, the first preferred; and both beside one of another kind.</summary>
    private async Task DeclareSealsAsync(GatewayDeclaration gateway, string kind)
    {
        var (first, second, foreign) = (Id("first", kind), Id("second", kind), kind == "anthropic" ? "gemini" : "anthropic");
        gateway.Provider(first, kind, ProtocolWorld.BaseUrl(mock, kind)).Provider(second, kind, ProtocolWorld.BaseUrl(mock, kind));
        foreach (var client in ProtocolClient.Protocols)
        {
            var model = $"sealed-{client}-over-{kind}";
            gateway.Model(model, (first, model), (second, model));
            gateway.Model(model + "-or-else", (first, model), (second, model), (ProtocolWorld.SpareOf(foreign), model + "-else"));
            await mock.Control.ScriptAsync(model, new Behaviour { Reasoning = 2, Tools = 1, ToolArguments = """{"a":"b"}""" });
        }
    }

    private async Task DeclareArraysAsync(GatewayDeclaration gateway, string kind)
    {
        var model = "array-over-" + kind;
        gateway.Model(model, (ProtocolWorld.SpareOf(kind), model));
        await mock.Control.ScriptAsync(model, new Behaviour { Gate = model, Chunks = 4 });
        await mock.Control.ScriptAsync("open-" + model, new Behaviour { Chunks = 4 });
    }

    private void DeclareFaults(GatewayDeclaration gateway)
    {
        foreach (var (kind, helper) in HelperOf)
        {
            foreach (var (fault, behaviour) in Faults)
            {
                foreach (var client in (string[])["messages", "gemini"])
                {
                    var model = FaultOf(fault, kind, client);
                    gateway
                        .Provider(model.Replace('_', '-'), kind, ProtocolWorld.BaseUrl(mock, kind), fault == "hangs" ? GatewayDeclaration.Timeouts.Short : null)
                        .Model(model, (model.Replace('_', '-'), behaviour), (ProtocolWorld.SpareOf(helper), "mock-ok"));
                }
            }
        }
    }
}
