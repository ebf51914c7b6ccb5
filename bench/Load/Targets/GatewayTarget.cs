using AIHigress.Load.Accounting;
using AIHigress.Load.Scenarios;

namespace AIHigress.Load.Targets;

/// <summary>The gateway: a round is over when its usage is in the database, and its cost includes that work.</summary>
internal sealed class GatewayTarget(ServerProcess server, RequestLogs logs) : ServerTarget(server)
{
    public override Task SettleAsync(Scenario scenario, int requests, CancellationToken cancellationToken) =>
        logs.WaitForAsync(scenario, RowsOf(scenario, requests), cancellationToken);

    public override Task CheckAsync(Scenario scenario, int requests) => logs.CheckAsync(scenario, RowsOf(scenario, requests));

    // Strangers are counted, not logged.
    private static int RowsOf(Scenario scenario, int requests) => scenario.UnknownKeys ? 0 : requests;
}
