using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Providers;
using AIHigress.TestKit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Routing;

/// <summary>
/// A server whose clock, dice and prices belong to the tests, so that shares of traffic come out the same in every run.
/// Latency norm: 400 ms for a stream's first token, 2 s for a plain answer.
/// </summary>
public sealed class RoutingGateway() : UpstreamGateway(TestDatabase.Sqlite)
{
    public const string Name = "Routing by strategies";
    public const string Policy = "/api/v1/routing/policy";

    internal static readonly object UsualPolicy = new { ttft_norm_ms = 400, exploration = new { samples = 8 } };

    private readonly SharedDice _dice = new();
    private DateTimeOffset _signedInAt;
    private Api? _admin;

    /// <summary>What each provider costs, 0…1.</summary>
    public Dictionary<string, double> Costs { get; } = [];

    internal PacedTraffic Traffic { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        // Failures are to move weights here, not to open circuits.
        Settings["PROVIDER_FAILURE_THRESHOLD"] = "10";
        await base.InitializeAsync();
        (await PutPolicyAsync(UsualPolicy)).MustBe(200);
        Traffic = new PacedTraffic(Upstream, Clock, CreateClient(), await NewKeyAsync(await AdminAsync()));
    }

    /// <summary>From here on chance is what it was in the last run, whatever ran before.</summary>
    public void RestartChance() => _dice.Restart();

    /// <summary>Signed in anew when the clock has run away from the token.</summary>
    internal async Task<Api> AdminAsync()
    {
        if (_admin is null || Clock.GetUtcNow() - _signedInAt > TimeSpan.FromMinutes(5))
        {
            _signedInAt = Clock.GetUtcNow();
            _admin = (await SignInAsAdministratorAsync()).Api;
        }

        return _admin;
    }

    internal static async Task<string> NewKeyAsync(Api user) =>
        (await user.PostAsync("/api/v1/api-keys", new { name = NewName("key") })).Text("token");

    internal async Task<Answer> PutPolicyAsync(object policy)
    {
        var admin = await AdminAsync();
        return await admin.SendAsync(HttpMethod.Put, Policy, policy, ("If-Match", (await admin.GetAsync(Policy)).ETag()));
    }

    /// <summary>A logical model over one provider for each upstream, which serves the model named like itself.</summary>
    internal async Task<string> AddModelAsync(string strategy, IReadOnlyList<(string Provider, int Weight)> upstreams, string affinity = "none")
    {
        var id = NewName($"by-{strategy}");
        (await (await AdminAsync()).PostAsync("/api/v1/logical-models", new
        {
            id,
            strategy,
            affinity,
            upstreams = upstreams.Select(u => new { provider = u.Provider, model = u.Provider, weight = u.Weight }).ToArray(),
        })).MustBe(201);
        return id;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<Random>(_dice);
            services.AddSingleton<ICostBook>(new CostBook(Costs));
        });
    }

    private sealed class CostBook(Dictionary<string, double> costs) : ICostBook
    {
        public double? NormOf(UpstreamRoute upstream) => costs.TryGetValue(upstream.Provider.Id, out var norm) ? norm : null;
    }

    /// <summary>Seeded, and safe to ask from several threads.</summary>
    private sealed class SharedDice : Random
    {
        private readonly Lock _lock = new();
        private Random _inner = new(20261124);

        public void Restart()
        {
            lock (_lock)
            {
                _inner = new Random(20261124);
            }
        }

        public override double NextDouble()
        {
            lock (_lock)
            {
                return _inner.NextDouble();
            }
        }
    }
}

[CollectionDefinition(RoutingGateway.Name)]
public sealed class RoutingTests : ICollectionFixture<RoutingGateway>;
