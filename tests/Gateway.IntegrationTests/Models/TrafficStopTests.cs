using System.Diagnostics;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Providers;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Models;

/// <summary>Whatever takes a provider away from somebody stops that traffic within a second, while it flows.</summary>
public abstract class TrafficStopTests(UpstreamGateway gateway)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("pause", 503, "no_available_provider")]
    [InlineData("offline", 404, "model_not_found")]
    [InlineData("review", 404, "model_not_found")]
    [InlineData("unshare", 404, "model_not_found")]
    [InlineData("key_providers", 404, "model_not_found")]
    [InlineData("key_models", 404, "model_not_found")]
    [InlineData("model_disabled", 404, "model_not_found")]
    public async Task Traffic_WhileItFlows_StopsWithinASecond(string stop, int status, string code)
    {
        var world = await WorldAsync(stop == "unshare");
        var flow = Enumerable.Range(0, 3).Select(_ => UntilRefusedAsync(world)).ToList();
        await world.Flowing.Task.WaitAsync(TestKit.Timeouts.Wait);

        await StopAsync(stop, world);
        var clock = Stopwatch.StartNew();
        var refusals = await Task.WhenAll(flow);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Second);
        Assert.All(refusals, r => Assert.Equal((status, code), r));
        var seen = gateway.Upstream.Requests(world.UpstreamModel).Count;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal((status, code), await AskAsync(world));
        }

        Assert.Equal(seen, gateway.Upstream.Requests(world.UpstreamModel).Count);
    }

    [Fact]
    public async Task Offline_OnlyOperators_HiddenFromOthersUntilOnline()
    {
        var world = await WorldAsync(shared: false);

        (await world.User.PostAsync($"/api/v1/providers/{world.Provider}/offline")).MustBe(403, "forbidden");
        (await world.Admin.PostAsync($"/api/v1/providers/{world.Provider}/offline", new { reason = "broken" })).MustBe(200);

        (await world.User.GetAsync($"/api/v1/providers/{world.Provider}")).MustBe(404, "not_found");
        Assert.DoesNotContain(world.UpstreamModel, (await world.Client.GetAsync("/v1/models")).Body, StringComparison.Ordinal);
        (await world.User.PostAsync($"/api/v1/providers/{world.Provider}/online")).MustBe(403, "forbidden");
        (await world.Admin.PostAsync($"/api/v1/providers/{world.Provider}/online")).MustBe(200);
        Assert.Equal(200, (await AskAsync(world)).Status);
        Assert.Contains(world.UpstreamModel, (await world.Client.GetAsync("/v1/models")).Body, StringComparison.Ordinal);
        var actions = await gateway.InDatabaseAsync(db => db.AuditLog.Where(a => a.Target == $"provider:{world.Provider}").Select(a => a.Action).ToListAsync());
        Assert.Contains("provider.taken_offline", actions);
    }

    [Fact]
    public async Task ReviewedProvider_WithALimit_IsHeldToTheSmallerOne()
    {
        var world = await WorldAsync(shared: false);
        await gateway.ChangeAsync(db => ChangeAsync(db, world, p => (p.ReviewStatus, p.LimitQps, p.MaxQps) = (ReviewStatus.ApprovedLimited, 2, 50)));
        await gateway.RefreshAsync();

        var answers = new List<(int Status, string? Code)>();
        for (var i = 0; i < 8; i++)
        {
            answers.Add(await AskAsync(world));
        }

        // The clock stands still: two (and the burst's one) may pass, whatever the provider itself allows.
        Assert.InRange(answers.Count(a => a.Status == 200), 2, 3);
        Assert.Equal(503, answers[^1].Status);
        var view = await world.Admin.GetAsync($"/api/v1/providers/{world.Provider}");
        Assert.Equal(("approved_limited", 2), (view.Text("review_status"), view["limit_qps"].GetInt32()));
    }

    [Fact]
    public async Task SharedProvider_SeenAndUsedByWhomItIsSharedWithOnly()
    {
        var world = await WorldAsync(shared: true);
        var stranger = (await gateway.AddSignedInUserAsync()).Api;
        var key = (await stranger.PostAsync("/api/v1/api-keys", new { name = "k" })).Text("token");

        Assert.Equal(200, (await AskAsync(world)).Status);
        Assert.Equal((404, "model_not_found"), await AskAsync(world with { Client = gateway.NewApi().With(key) }));
        (await stranger.GetAsync($"/api/v1/providers/{world.Provider}")).MustBe(404, "not_found");
        Assert.Equal([world.Provider], (await world.User.GetAsync("/api/v1/providers?shared_with_me=true")).Ids());
        Assert.Empty((await stranger.GetAsync("/api/v1/providers?shared_with_me=true")).Items());
        var seen = await world.User.GetAsync($"/api/v1/providers/{world.Provider}");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, seen["base_url"].ValueKind);
    }

    private Task StopAsync(string stop, World world) => stop switch
    {
        "pause" => MustAsync(world.Admin.PostAsync($"/api/v1/providers/{world.Provider}/pause", new { reason = "test" })),
        "offline" => MustAsync(world.Admin.PostAsync($"/api/v1/providers/{world.Provider}/offline")),
        "key_providers" => MustAsync(world.User.PatchAsync($"/api/v1/api-keys/{world.Key}", new { allowed_provider_ids = new[] { "another" } }, "\"v1\"")),
        "key_models" => MustAsync(world.User.PatchAsync($"/api/v1/api-keys/{world.Key}", new { allowed_models = new[] { "another" } }, "\"v1\"")),
        "model_disabled" => MustAsync(world.Admin.PatchAsync($"/api/v1/providers/{world.Provider}/models/{world.UpstreamModel}", new { disabled = true }, "\"v1\"")),

        // Reviews and shares have no endpoints yet; these commit the way that every change is committed.
        "review" => gateway.ChangeAsync(db => ChangeAsync(db, world, p => p.ReviewStatus = ReviewStatus.ChangesRequested)),
        _ => gateway.ChangeAsync(async db => db.ProviderShares.RemoveRange(await db.ProviderShares.Where(s => s.ProviderId == world.Provider).ToListAsync())),
    };

    private static async Task MustAsync(Task<Answer> answer) => (await answer).MustBe(200);

    private static async Task ChangeAsync(Data.GatewayDbContext db, World world, Action<Provider> change) =>
        change(await db.Providers.SingleAsync(p => p.Id == world.Provider));

    private static async Task<(int Status, string? Code)> UntilRefusedAsync(World world)
    {
        while (true)
        {
            var answer = await AskAsync(world);
            if (answer.Status != 200)
            {
                return answer;
            }

            world.Flowing.TrySetResult();
        }
    }

    private static async Task<(int Status, string? Code)> AskAsync(World world)
    {
        var answer = await world.Client.PostAsync("/v1/chat/completions", new { model = world.UpstreamModel, messages = new[] { new { role = "user", content = "hi" } } });
        return (answer.Status, answer.Status == 200 ? null : answer["error"].GetProperty("code").GetString());
    }

    private async Task<World> WorldAsync(bool shared)
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var user = await gateway.AddSignedInUserAsync();
        var (provider, model) = (UpstreamGateway.NewName("stopped"), UpstreamGateway.NewName("flow"));
        await gateway.AddProviderAsync(admin, provider, model);
        if (shared)
        {
            var owner = await gateway.AddSignedInUserAsync();
            await gateway.ChangeAsync(async db =>
            {
                var row = await db.Providers.SingleAsync(p => p.Id == provider);
                (row.OwnerId, row.Visibility, row.ReviewStatus) = (owner.User.Id, ProviderVisibility.Shared, ReviewStatus.None);
                db.ProviderShares.Add(new ProviderShare { ProviderId = provider, UserId = user.User.Id });
            });
            await gateway.RefreshAsync();
        }

        var key = await user.Api.PostAsync("/api/v1/api-keys", new { name = "flow" });
        return new World(admin, user.Api, provider, model, key.Text("id"), gateway.NewApi().With(key.Text("token")));
    }

    private sealed record World(Api Admin, Api User, string Provider, string UpstreamModel, string Key, Api Client)
    {
        public TaskCompletionSource Flowing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

[Collection(UpstreamOverSqlite.Name)]
public sealed class TrafficStopsOverSqlite(UpstreamOverSqlite gateway) : TrafficStopTests(gateway);

[Collection(UpstreamOverPostgres.Name)]
public sealed class TrafficStopsOverPostgres(UpstreamOverPostgres gateway) : TrafficStopTests(gateway);
