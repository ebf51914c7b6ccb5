using AIHigress.Gateway.Features.Identity.Budgets;
using AIHigress.Gateway.IntegrationTests.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Limits;

/// <summary>Limits and budgets of keys over the management API, and what a spent budget means at the AI endpoints.</summary>
public abstract class KeyLimitApiTests(IdentityGateway gateway)
{
    private const string Path = "/api/v1/api-keys";

    [Fact]
    public async Task Limits_CreateAndPatch_AreShownAndActAtOnce()
    {
        var user = await gateway.AddSignedInUserAsync();
        var created = await user.Api.PostAsync(Path, new { name = "limited", limits = new { rpm = 2, tpm = 5_000_000_000, concurrency = 3 } });
        created.MustBe(201);
        Assert.Equal(5_000_000_000, created["limits"].GetProperty("tpm").GetInt64());
        Assert.Equal([404, 404, 429], await StatusesAsync(created.Text("token"), 3));

        var one = $"{Path}/{created["id"].GetGuid()}";
        var patched = await user.Api.PatchAsync(one, new { limits = new { rpm = (int?)null } });
        patched.MustBe(200);
        Assert.False(patched["limits"].TryGetProperty("rpm", out var rpm) && rpm.ValueKind != System.Text.Json.JsonValueKind.Null);
        Assert.Equal(3, patched["limits"].GetProperty("concurrency").GetInt32());
        Assert.Equal([404, 404, 404], await StatusesAsync(created.Text("token"), 3));
        Assert.Null((await gateway.InDatabaseAsync(db => db.ApiKeys.AsNoTracking().SingleAsync(k => k.Id == created["id"].GetGuid()))).Rpm);
    }

    [Fact]
    public async Task Limits_OutOfRange_AreRefusedField()
    {
        var user = await gateway.AddSignedInUserAsync();

        var refused = await user.Api.PostAsync(Path, new { name = "bad", limits = new { rpm = 0, concurrency = -1 }, budget = new { amount_micro = -5, period = "day" } });

        refused.MustBe(400, "validation_failed");
        Assert.Equal(["out_of_range"], refused.Faults("limits.rpm"));
        Assert.Equal(["out_of_range"], refused.Faults("limits.concurrency"));
        Assert.Equal(["out_of_range"], refused.Faults("budget.amount_micro"));
    }

    [Fact]
    public async Task Limits_ManagementKeyWithLimits_MakesNoWiderKey()
    {
        var admin = await gateway.SignInAsAdministratorAsync();
        var manager = await admin.Api.PostAsync(Path, new
        {
            name = $"manager-{Guid.NewGuid():N}",
            scopes = new[] { "management" },
            permissions = new[] { "keys.own" },
            limits = new { rpm = 10 },
        });
        manager.MustBe(201);
        var api = admin.Api.With(manager.Text("token"));

        (await api.PostAsync(Path, new { name = $"wide-{Guid.NewGuid():N}" })).MustBe(403, "forbidden");
        (await api.PostAsync(Path, new { name = $"wider-{Guid.NewGuid():N}", limits = new { rpm = 11 } })).MustBe(403, "forbidden");
        (await api.PostAsync(Path, new { name = $"within-{Guid.NewGuid():N}", limits = new { rpm = 10 } })).MustBe(201);
    }

    [Fact]
    public async Task Budget_Spent_Is402UntilResetAndSurvivesTheProcess()
    {
        var user = await gateway.AddSignedInUserAsync();
        var admin = await gateway.SignInAsAdministratorAsync();
        var created = await user.Api.PostAsync(Path, new { name = "budget", budget = new { amount_micro = 1000, period = "month" } });
        created.MustBe(201);
        var (one, token) = ($"{Path}/{created["id"].GetGuid()}", created.Text("token"));
        Assert.True(Spent(created) is null && created["budget"].GetProperty("resets_at").GetDateTimeOffset() > gateway.Clock.GetUtcNow());
        var book = gateway.Services.GetRequiredService<BudgetBook>();
        var keeper = gateway.Services.GetRequiredService<BudgetKeeper>();

        book.Charge(gateway.FindKey(token)!, 999);
        Assert.Equal([404], await StatusesAsync(token, 1));
        book.Charge(gateway.FindKey(token)!, 1);
        Assert.Equal([402], await StatusesAsync(token, 1));
        await keeper.SyncAsync(CancellationToken.None);
        Assert.Equal(1000, Spent(await user.Api.GetAsync(one)));
        Assert.Equal(1000, (await gateway.InDatabaseAsync(db => db.ApiKeySpending.AsNoTracking().SingleAsync(s => s.ApiKeyId == created["id"].GetGuid()))).SpentMicro);
        var refused = await AskAsync(token);
        Assert.Contains("budget_exceeded", refused.Body, StringComparison.Ordinal);
        Assert.Contains("It begins anew at ", refused.Body, StringComparison.Ordinal);

        (await user.Api.PostAsync($"{one}/reset-budget")).MustBe(403);
        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        var reset = await admin.Api.PostAsync($"{one}/reset-budget");
        reset.MustBe(200);
        Assert.Null(Spent(reset));
        Assert.Equal([404], await StatusesAsync(token, 1));
        book.Charge(gateway.FindKey(token)!, 7);
        await keeper.SyncAsync(CancellationToken.None);
        Assert.Equal(7, Spent(await user.Api.GetAsync(one)));
        Assert.Contains(await gateway.InDatabaseAsync(db => db.AuditLog.AsNoTracking().Select(e => e.Action).ToListAsync()), action => action == "api_key.budget_reset");
    }

    [Fact]
    public async Task Budget_ResetOfNoneOrOfNoBudget_IsRefused()
    {
        var admin = await gateway.SignInAsAdministratorAsync();
        var created = await admin.Api.PostAsync(Path, new { name = $"none-{Guid.NewGuid():N}" });

        (await admin.Api.PostAsync($"{Path}/{Guid.NewGuid()}/reset-budget")).MustBe(404);
        (await admin.Api.PostAsync($"{Path}/{created["id"].GetGuid()}/reset-budget")).MustBe(409, "no_budget");
    }

    private static long? Spent(Answer answer) =>
        answer["budget"].TryGetProperty("spent_micro", out var spent) && spent.ValueKind == System.Text.Json.JsonValueKind.Number ? spent.GetInt64() : null;

    private Task<Answer> AskAsync(string token) => gateway.NewApi().With(token).PostAsync("/v1/chat/completions", new
    {
        model = "nothing",
        messages = new[] { new { role = "user", content = "Hi" } },
    });

    private async Task<List<int>> StatusesAsync(string token, int times)
    {
        var statuses = new List<int>();
        for (var i = 0; i < times; i++)
        {
            statuses.Add((await AskAsync(token)).Status);
        }

        return statuses;
    }
}

[Collection(IdentityOverSqlite.Name)]
public sealed class KeyLimitsOverSqlite(IdentityOverSqlite gateway) : KeyLimitApiTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class KeyLimitsOverPostgres(IdentityOverPostgres gateway) : KeyLimitApiTests(gateway);
