using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Filters;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.UnitTests.DataPlane.Limits;
using AIHigress.Wire;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

/// <summary>What a plan costs in memory, whatever the size of the installation.</summary>
public sealed class PlanCostTests
{
    private const int MostBytes = 3500;

    [Fact]
    public void Plan_OfTenUpstreamsAmongAHundredThousand_AllocatesLittle()
    {
        var table = LargeTable.Build();
        var board = new UpstreamBoard(TimeProvider.System);
        var planner = new RoutePlanner(new CandidateFilter(board, new KeyPool(board, new LimitKit(TimeProvider.System).Upstream), new ProviderHealthBoard(), new FreeOfCharge()), new CandidateOrder(new Random(1)));
        var caller = Routes.Caller();

        foreach (var strategy in Enum.GetValues<RoutingStrategy>())
        {
            var choices = RequestChoices.None with { Strategy = strategy };
            var query = new RouteQuery(caller, "model-77", choices) { Needs = RequestNeeds.Tools, PromptTokens = 5000 };
            Assert.Equal(10, planner.Plan(table, query).Candidates.Count);

            var least = Enumerable.Range(0, 5).Min(_ => Cost(planner, table, query));

            Assert.True(least <= MostBytes, $"{strategy}: {least} bytes.");
        }
    }

    private static long Cost(RoutePlanner planner, RouteTable table, RouteQuery query)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        planner.Plan(table, query);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
