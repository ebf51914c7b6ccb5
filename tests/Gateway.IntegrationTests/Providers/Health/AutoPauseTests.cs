using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Providers.Health;

/// <summary>What is down for long is paused by itself and comes back by itself; what a person did stays done.</summary>
public abstract class AutoPauseTests(HealthGateway gateway)
{
    [Fact]
    public async Task Down_TenMinutes_IsPausedProbedMoreRarelyAndResumedByTwoGoodProbes()
    {
        var id = await BrokenAsync();
        await gateway.LookAsync(TimeSpan.FromSeconds(599));
        Assert.Equal("active", (await gateway.ProviderAsync(id)).Text("operation_status"));

        await gateway.LookAsync(TimeSpan.FromSeconds(1));

        var paused = await gateway.ProviderAsync(id);
        Assert.Equal(("paused", "auto"), (paused.Text("operation_status"), paused.Text("status_by")));
        Assert.Equal(503, (await gateway.ChatAsync($"{id}/{id}")).Status);
        Assert.Contains("provider.paused", await AuditedAsync(id));

        // 300 s, doubled once for each failed probe: then half an hour.
        List<double> waits = [];
        for (var i = 0; i < 5; i++)
        {
            waits.Add(await ProbeWhenDueAsync(id));
        }

        Assert.Equal([600, 1200, 1800, 1800], waits.Skip(1).Select(w => Math.Round(w / 600) * 600));
        gateway.Mock.Script(id, new Behaviour());
        await ProbeWhenDueAsync(id);
        Assert.Equal("paused", (await gateway.ProviderAsync(id)).Text("operation_status"));
        await gateway.LookForProbesAsync(1);

        var resumed = await gateway.ProviderAsync(id);
        Assert.Equal(("active", "auto", "degraded"), (resumed.Text("operation_status"), resumed.Text("status_by"), resumed.Text("health")));
        Assert.Equal(200, (await gateway.ChatAsync($"{id}/{id}")).Status);
        var timeline = (await gateway.HealthAsync(id))["timeline"].EnumerateArray().Select(e => e.GetProperty("kind").GetString());
        Assert.Equal(["resumed", "health_changed", "paused", "health_changed"], timeline);
        Assert.Contains("provider.resumed", await AuditedAsync(id));
    }

    [Fact]
    public async Task Down_AdministratorPausedIt_IsLeftAlone()
    {
        var id = await BrokenAsync();
        (await gateway.Admin.PostAsync($"/api/v1/providers/{id}/pause", new { reason = "maintenance" })).MustBe(200);
        gateway.Mock.Script(id, new Behaviour());
        var asked = gateway.Mock.Requests(id).Count;

        await gateway.LookForProbesAsync(4);

        var provider = await gateway.ProviderAsync(id);
        Assert.Equal(("paused", "admin", "maintenance"), (provider.Text("operation_status"), provider.Text("status_by"), provider.Text("status_reason")));
        Assert.Equal(asked, gateway.Mock.Requests(id).Count);

        // Nobody looks at it, so nothing is known of it.
        Assert.Equal("unknown", provider.Text("health"));
    }

    [Fact]
    public async Task Paused_APersonPausesItToo_StaysPaused()
    {
        var id = await BrokenAsync();
        await gateway.LookAsync(TimeSpan.FromSeconds(600));
        (await gateway.Admin.PostAsync($"/api/v1/providers/{id}/pause", new { reason = "for good" })).MustBe(200);
        gateway.Mock.Script(id, new Behaviour());

        await gateway.LookForProbesAsync(4);

        var provider = await gateway.ProviderAsync(id);
        Assert.Equal(("paused", "admin", "for good"), (provider.Text("operation_status"), provider.Text("status_by"), provider.Text("status_reason")));
    }

    [Fact]
    public async Task Down_AutoPauseIsOff_StaysActive()
    {
        var id = await BrokenAsync(new { auto_pause = false });

        await gateway.LookForProbesAsync(4);

        Assert.Equal(("active", "down"), ((await gateway.ProviderAsync(id)).Text("operation_status"), await gateway.StateAsync(id)));
    }

    [Fact]
    public async Task Paused_APersonResumesIt_GetsTenMoreMinutes()
    {
        var id = await BrokenAsync();
        await gateway.LookAsync(TimeSpan.FromSeconds(600));
        Assert.Equal("paused", (await gateway.ProviderAsync(id)).Text("operation_status"));
        (await gateway.Admin.PostAsync($"/api/v1/providers/{id}/resume")).MustBe(200);

        await gateway.LookAsync(TimeSpan.FromSeconds(599));
        Assert.Equal("active", (await gateway.ProviderAsync(id)).Text("operation_status"));
        await gateway.LookAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("paused", (await gateway.ProviderAsync(id)).Text("operation_status"));
    }

    private async Task<string> BrokenAsync(object? probe = null)
    {
        var id = await gateway.AddProviderAsync("broken", probe);
        gateway.Mock.Script(id, new Behaviour { Status = 503 });
        await gateway.LookAsync();
        await gateway.LookForProbesAsync(2);
        Assert.Equal("down", await gateway.StateAsync(id));
        return id;
    }

    /// <summary>Goes to the moment when the next probe is due; returns how far that was.</summary>
    private async Task<double> ProbeWhenDueAsync(string id)
    {
        var due = (await gateway.Admin.GetAsync($"/api/v1/providers/{id}/probe"))["next_probe_at"].GetDateTimeOffset();
        var wait = due - gateway.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1);
        var before = gateway.Mock.Requests(id).Count;
        await gateway.LookAsync(wait);
        Assert.Equal(before + 1, gateway.Mock.Requests(id).Count);
        return wait.TotalSeconds;
    }

    private Task<List<string>> AuditedAsync(string id) => gateway.InDatabaseAsync(
        db => Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.ToListAsync(
            from entry in db.AuditLog
            where entry.Target == $"provider:{id}"
            select entry.Action));
}

public sealed class SqliteAutoPauseTests(HealthOverSqlite gateway) : AutoPauseTests(gateway), IClassFixture<HealthOverSqlite>;

public sealed class PostgresAutoPauseTests(HealthOverPostgres gateway) : AutoPauseTests(gateway), IClassFixture<HealthOverPostgres>;
