using System.Diagnostics.Metrics;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>Counters of the journal and its drain.</summary>
internal sealed class UsageMetrics
{
    private readonly Counter<long> _drained;

    public UsageMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AIHigress.Gateway");
        _drained = meter.CreateCounter<long>("aihigress.journal.drained", "{record}", "Usage records moved from the journal to the database");
    }

    public void Drained(int records) => _drained.Add(records);
}
