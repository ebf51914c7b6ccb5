using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AIHigress.Gateway.Features.Providers.Hosts;
using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.Gateway.IntegrationTests.Providers;
using AIHigress.MockUpstream;
using AIHigress.TestKit;
using AIHigress.TestKit.Proxies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AIHigress.Gateway.IntegrationTests.Proxies;

/// <summary>
/// A server with an https proxy that it trusts, a proxy of its environment, names that need no network, and every log
/// line kept. The clock stands still, so nothing cools down and no job runs unless a test says so.
/// </summary>
public sealed class ProxyGateway : IdentityGateway
{
    public const string Name = "Proxies";
    public const string EnvironmentPassword = "canary-environment-password";
    private readonly TempFolder _folder = new();

    public ProxyGateway()
        : base(TestDatabase.Sqlite)
    {
        Secure = TestProxy.Start(TestProxyKind.Https, "secure-user", "canary-secure-password");
        Environment = TestProxy.Start(TestProxyKind.Http, "environment", EnvironmentPassword);
    }

    /// <summary>Its certificate is trusted by UPSTREAM_PROXY_CA_FILE.</summary>
    public TestProxy Secure { get; }

    /// <summary>HTTP_PROXY.</summary>
    public TestProxy Environment { get; }

    internal LogLines Logs { get; } = new();

    internal Names Hosts { get; } = new();

    public override async ValueTask InitializeAsync()
    {
        var authority = _folder.File("proxy-ca.pem");
        await File.WriteAllTextAsync(authority, Secure.AuthorityPem);
        Settings["UPSTREAM_PROXY_CA_FILE"] = authority;
        Settings["HTTP_PROXY"] = $"http://environment:{EnvironmentPassword}@127.0.0.1:{Environment.Port}";
        Settings["NO_PROXY"] = "nowhere.test";
        Settings["ALLOWED_PRIVATE_UPSTREAMS"] = "127.0.0.1";
        ReplaceServices = services =>
        {
            services.AddSingleton<INameResolver>(Hosts);
            services.AddSingleton<ILoggerProvider>(Logs);
            services.Configure<LoggerFilterOptions>(o => o.Rules.Add(new LoggerFilterRule(typeof(LogLines).FullName, null, LogLevel.Debug, null)));
        };
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Secure.DisposeAsync();
        await Environment.DisposeAsync();
        _folder.Dispose();
    }

    internal async Task<ProxyWorld> NewWorldAsync() => await ProxyWorld.StartAsync(this);

    internal Task RefreshAsync() => Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: false, CancellationToken.None);

    internal sealed class Names : INameResolver
    {
        public ConcurrentDictionary<string, string> Addresses { get; } = new();

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            Addresses.TryGetValue(host, out var address) ? Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse(address)])
            : host.EndsWith(".public.test", StringComparison.Ordinal) ? Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse("8.8.8.8")])
            : throw new SocketException((int)SocketError.HostNotFound);
    }

    internal sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

[CollectionDefinition(ProxyGateway.Name)]
public sealed class ProxyTestCollection : ICollectionFixture<ProxyGateway>;

/// <summary>What one test has of its own: an upstream, proxies, an administrator; an empty pool before and after.</summary>
internal sealed class ProxyWorld : IAsyncDisposable
{
    public const string Path = "/api/v1/proxies";
    private static int _names;
    private readonly ProxyGateway _gateway;
    private readonly List<TestProxy> _started = [];
    private readonly HttpClient _http;

    private ProxyWorld(ProxyGateway gateway, MockUpstreamServer upstream, Api admin)
    {
        (_gateway, Upstream, Admin) = (gateway, upstream, admin);
        _http = gateway.CreateClient();
    }

    public MockUpstreamServer Upstream { get; }

    public Api Admin { get; }

    public string Key { get; private set; } = "";

    public static async Task<ProxyWorld> StartAsync(ProxyGateway gateway)
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var world = new ProxyWorld(gateway, await MockUpstreamHost.StartAsync(new MockUpstreamOptions { Name = "proxied" }), admin);
        world.Key = (await admin.PostAsync("/api/v1/api-keys", new { name = NewName("key") })).Text("token");
        await world.ConfigureAsync(new { enabled = true, strategy = "round_robin", check_url = (string?)null, failure_cooldown_seconds = 120 });
        return world;
    }

    public static string NewName(string start) => $"{start}-{Interlocked.Increment(ref _names)}";

    /// <summary>A running proxy whose every connection ends at the upstream.</summary>
    public TestProxy StartProxy(TestProxyKind kind = TestProxyKind.Http, string? username = null, string? password = null)
    {
        var proxy = TestProxy.Start(kind, username, password);
        _started.Add(proxy);
        return ToUpstream(proxy);
    }

    public TestProxy ToUpstream(TestProxy proxy)
    {
        proxy.Route = (_, _) => ("127.0.0.1", Upstream.BaseAddress.Port);
        return proxy;
    }

    /// <summary>Puts a proxy into the pool; its id.</summary>
    public async Task<Guid> AddAsync(TestProxy proxy, string? scheme = null)
    {
        var answer = await Admin.PostAsync(Path, new
        {
            scheme = scheme ?? (proxy.Kind switch { TestProxyKind.Http => "http", TestProxyKind.Https => "https", _ => "socks5" }),
            host = "127.0.0.1",
            port = proxy.Port,
            username = proxy.Credentials?.Username,
            password = proxy.Credentials?.Password,
        });
        answer.MustBe(201);
        return answer["id"].GetGuid();
    }

    /// <summary>A platform provider that is called by name through a proxy; its model.</summary>
    public Task<string> AddProviderAsync(string? proxy, bool required = false) => AddProviderAsync(proxy, "http://api.public.test/v1", required);

    /// <summary>A platform provider at the upstream's own address, which could be called directly; its model.</summary>
    public Task<string> AddReachableProviderAsync(string? proxy, bool required = false) => AddProviderAsync(proxy, Upstream.OpenAIBaseUrl.AbsoluteUri, required);

    public async Task<string> AddProviderAsync(string? proxy, string baseUrl, bool required = false, Api? api = null)
    {
        var id = NewName("proxied");
        var answer = await (api ?? Admin).PostAsync("/api/v1/providers", new
        {
            id,
            name = id,
            base_url = baseUrl,
            proxy,
            proxy_required = required,
            keys = new[] { new { label = "main", key = "sk-upstream-key-0001" } },
            models = new[] { "mock-ok" },
        });
        answer.MustBe(201);
        return $"{id}/mock-ok";
    }

    public Task<ChatReply> AskAsync(string model, bool stream = false) => AskAsync(Key, model, stream);

    public async Task<ChatReply> AskAsync(string key, string model, bool stream = false)
    {
        using var request = ChatClient.Request(ChatClient.Body(model, stream));
        request.Headers.Authorization = new("Bearer", key);
        using var response = await _http.SendAsync(request);
        return await ChatReply.ReadAsync(response);
    }

    public async Task<Answer> ConfigureAsync(object patch)
    {
        var answer = await Admin.PatchAsync(Path + "/config", patch, "*");
        answer.MustBe(200);
        return answer;
    }

    /// <summary>The attempts of a request, as soon as it is logged.</summary>
    public async Task<IReadOnlyList<(string Category, int? Status, string? Proxy)>> AttemptsAsync(Guid requestId, Api? api = null)
    {
        Answer? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                _gateway.Clock.Advance(TimeSpan.FromMilliseconds(250));
                return (answer = await (api ?? Admin).GetAsync($"/api/v1/request-logs/{requestId}")).Status == 200;
            },
            "the request is logged");
        return [.. answer!["attempts"].EnumerateArray().Select(a => (
            a.GetProperty("category").GetString()!,
            a.GetProperty("status").ValueKind == System.Text.Json.JsonValueKind.Null ? (int?)null : a.GetProperty("status").GetInt32(),
            a.GetProperty("proxy").GetString()))];
    }

    public async ValueTask DisposeAsync()
    {
        // Not over the API: providers of the test still name some.
        await _gateway.ChangeAsync(async db =>
        {
            await db.Proxies.ExecuteDeleteAsync();
            await db.ProxySources.ExecuteDeleteAsync();
        });
        await _gateway.RefreshAsync();

        foreach (var proxy in _started)
        {
            await proxy.DisposeAsync();
        }

        _http.Dispose();
        await Upstream.DisposeAsync();
    }
}
