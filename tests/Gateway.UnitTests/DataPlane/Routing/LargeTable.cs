using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Routes;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

/// <summary>A big installation: 10,000 logical models, each over ten of 1,000 providers.</summary>
internal static class LargeTable
{
    private const int Providers = 1000;
    private const int Models = 10_000;
    private const int Upstreams = 10;

    public static RouteTable Build()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var providers = Enumerable.Range(0, Providers).Select(i => Routes.Provider($"provider-{i}", maxQps: 1_000_000, maxConcurrency: 1000)).ToList();
        var served = new List<ServedModel>(Models * Upstreams);
        var logical = new List<LogicalModel>(Models);
        for (var m = 0; m < Models; m++)
        {
            var upstreams = new List<LogicalModelUpstream>(Upstreams);
            for (var u = 0; u < Upstreams; u++)
            {
                var provider = providers[((m * 7) + (u * 101)) % Providers].Id;
                upstreams.Add(new LogicalModelUpstream { Provider = provider, Model = $"upstream-{m}", Weight = u + 1 });
                served.Add(new ServedModel(provider, $"upstream-{m}", null, true, now) { Abilities = (RequestNeeds)31, ContextLength = 200_000 });
            }

            logical.Add(new LogicalModel { Id = $"model-{m}", Upstreams = upstreams, Strategy = "balanced" });
        }

        return RouteTableBuilder.Build(new RouteTableInput(providers, served, logical), 1);
    }
}
