using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.IntegrationTests.Attempts;

/// <summary>A gateway in this process whose clock only tests move, in front of two mocks.</summary>
public sealed class ClockedGateway : GatewayFactory
{
    private readonly TempFolder _folder = new();

    public ClockedGateway()
        : base(TestDatabase.Sqlite)
    {
        Clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        Time = Clock;
    }

    public FakeTimeProvider Clock { get; }

    public MockUpstreamServer Failing { get; private set; } = null!;

    public MockUpstreamServer Healthy { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Failing = await MockUpstreamHost.StartAsync(new MockUpstreamOptions { Name = "failing" });
        Healthy = await MockUpstreamHost.StartAsync(new MockUpstreamOptions { Name = "healthy" });
        var declaration = new GatewayDeclaration()
            .Provider("failing", Failing.OpenAIBaseUrl)
            .Provider("refusing", Failing.OpenAIBaseUrl)
            .Provider("healthy", Healthy.OpenAIBaseUrl)
            .ApiKey("tests", GatewaySite.Key);
        foreach (var model in (string[])["half-open", "stuck"])
        {
            declaration.Model(model, ("failing", model), ("healthy", "mock-ok"));
        }

        declaration.Model("half-open-alone", ("failing", "half-open-alone")).Model("refused", ("refusing", "refused"), ("healthy", "mock-ok"));
        await ConfigureAsync(declaration);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Failing.DisposeAsync();
        await Healthy.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal async Task<ChatReply> AskAsync(string model, int number)
    {
        using var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", GatewaySite.Key);
        using var request = ChatClient.Request(ChatClient.Body(model, extra: $",\"seed\":{number}"));
        using var response = await client.SendAsync(request);
        return await ChatReply.ReadAsync(response);
    }

    // Secrets by file: the environment belongs to all tests of this process.
    private async Task ConfigureAsync(GatewayDeclaration declaration)
    {
        var text = declaration.Text();
        foreach (var (name, value) in declaration.Environment)
        {
            if (name.StartsWith("CANARY_", StringComparison.Ordinal))
            {
                await File.WriteAllTextAsync(_folder.File(name), value);
                text = text.Replace($"\"env:{name}\"", $"\"file:{name}\"", StringComparison.Ordinal);
            }
            else
            {
                Settings[name] = value;
            }
        }

        Settings["CONFIG_FILE"] = _folder.File("gateway.yaml");
        await File.WriteAllTextAsync(Settings["CONFIG_FILE"], text);
    }
}
