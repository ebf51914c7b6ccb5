using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.IntegrationTests.Providers;
using AIHigress.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Models;

/// <summary>A server whose chance a test can set: the same draws for a decision and for the request after it.</summary>
public sealed class DecisionWorld() : UpstreamGateway(TestDatabase.Sqlite)
{
    private readonly SeededRandom _random = new();

    public override ValueTask InitializeAsync()
    {
        ReplaceServices = services => services.AddSingleton<Random>(_random);
        return base.InitializeAsync();
    }

    public void Seed(int seed) => _random.Seed(seed);

    /// <summary>Waits until no request is under way: the client has its answer a moment before its attempt has left.</summary>
    public Task QuietAsync() => Eventually.TrueAsync(
        () => Task.FromResult(Services.GetRequiredService<UpstreamBoard>().Upstreams.All(u => u.Value.InFlight == 0)), "no request is under way");

    private sealed class SeededRandom : Random
    {
        private readonly Lock _gate = new();
        private Random _random = new(0);

        public void Seed(int seed)
        {
            lock (_gate)
            {
                _random = new Random(seed);
            }
        }

        public override double NextDouble()
        {
            lock (_gate)
            {
                return _random.NextDouble();
            }
        }

        public override int Next(int maxValue) => (int)(NextDouble() * maxValue);

        protected override double Sample() => NextDouble();
    }
}
