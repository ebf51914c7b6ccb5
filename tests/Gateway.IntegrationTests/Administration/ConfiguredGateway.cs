using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.MockUpstream;
using AIHigress.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Administration;

/// <summary>A server that was started with a gateway.yaml of the test's own, and a scripted provider beside it.</summary>
internal sealed class ConfiguredGateway : IAsyncDisposable
{
    public const string ApiKey = "declared-key-0123456789-abcdefgh";
    private readonly TempFolder _folder = new();

    private ConfiguredGateway(MockUpstreamServer upstream)
    {
        Upstream = upstream;
        File.WriteAllText(_folder.File("upstream-key"), "sk-upstream-key-0001\n");
        File.WriteAllText(_folder.File("api-key"), ApiKey);
    }

    public MockUpstreamServer Upstream { get; }

    public GatewayFactory Server { get; private set; } = null!;

    public Api Admin { get; private set; } = null!;

    public string Yaml => _folder.File("gateway.yaml");

    public RouteTable Table => Server.Services.GetRequiredService<RouteTables>().Current;

    /// <summary>The usual content: one provider, one logical model, one key of the administrator.</summary>
    public string Usual => $$"""
        providers:
          - id: declared
            name: Declared
            base_url: {{Upstream.OpenAIBaseUrl.AbsoluteUri.TrimEnd('/')}}
            keys:
              - { label: main, key: "file:upstream-key" }
            weight: 3
            models: [mock-ok]
        logical_models:
          - id: fast
            aliases: [default]
            upstreams:
              - { provider: declared, model: mock-ok }
        api_keys:
          - { name: ci, key: "file:api-key", user: {{IdentityGateway.AdminEmail}} }
        settings:
          max_attempts: 4
        """;

    public static async Task<ConfiguredGateway> StartAsync(TestDatabase database, Func<ConfiguredGateway, string>? yaml = null)
    {
        var gateway = new ConfiguredGateway(await MockUpstreamHost.StartAsync(new MockUpstreamOptions { ApiKeys = ["sk-upstream-key-0001", "sk-upstream-key-0002"] }));
        await File.WriteAllTextAsync(gateway.Yaml, (yaml ?? (g => g.Usual))(gateway));
        gateway.Server = await GatewayFactory.StartAsync(database, new Dictionary<string, string>
        {
            ["CONFIG_FILE"] = gateway.Yaml,
            ["DEFAULT_ADMIN_EMAIL"] = IdentityGateway.AdminEmail,
            ["DEFAULT_ADMIN_PASSWORD"] = IdentityGateway.AdminPassword,
        });
        var anonymous = new Api(gateway.Server.CreateClient(new() { HandleCookies = false }));
        var login = await anonymous.PostAsync("/api/v1/auth/login", new { email = IdentityGateway.AdminEmail, password = IdentityGateway.AdminPassword, delivery = "body" });
        gateway.Admin = anonymous.With(login.Text("access_token"));
        return gateway;
    }

    public Task<Answer> ChatAsync(string model, string key = ApiKey) => new Api(Server.CreateClient()).With(key)
        .PostAsync("/v1/chat/completions", new { model, messages = new[] { new { role = "user", content = "hi" } } });

    /// <summary>Replaces the file as editors and configuration tools do: a new file takes the old one's name.</summary>
    public async Task WriteAsync(string yaml)
    {
        var temporary = _folder.File("gateway.yaml.new");
        await File.WriteAllTextAsync(temporary, yaml);
        File.Move(temporary, Yaml, overwrite: true);
    }

    public string FileOf(string name) => _folder.File(name);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Upstream.DisposeAsync();
        _folder.Dispose();
    }
}
