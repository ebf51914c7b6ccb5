using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AIHigress.Gateway.Features.Identity;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Identity;

public abstract class ApiKeyTests(IdentityGateway gateway)
{
    private const string Path = "/api/v1/api-keys";

    [Fact]
    public async Task Create_Key_ShowsTheTokenOnceAndStoresItsDigest()
    {
        var user = await gateway.AddSignedInUserAsync();

        var created = await user.Api.PostAsync(Path, new { name = "ci", allowed_models = new[] { "gpt-*" }, allowed_provider_ids = new[] { "main" } });

        created.MustBe(201);
        var token = created.Text("token");
        Assert.Matches("^sk-aih-[0-9A-Za-z]{54}$", token);
        Assert.Equal(token[..12], created.Text("prefix"));
        Assert.Equal($"{Path}/{created["id"].GetGuid()}", created.Headers["Location"]);
        Assert.DoesNotContain(token, (await user.Api.GetAsync(Path)).Body, StringComparison.Ordinal);
        var one = await user.Api.GetAsync($"{Path}/{created["id"].GetGuid()}");
        Assert.False(one.Json.TryGetProperty("token", out _));
        var row = await gateway.InDatabaseAsync(db => db.ApiKeys.AsNoTracking().SingleAsync(k => k.Id == created["id"].GetGuid()));
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(token)), row.Digest);

        var caller = gateway.FindKey(token)!;
        Assert.Equal(user.User.Id, caller.UserId);
        Assert.True(caller.MayUseModel("gpt-4o"));
        Assert.False(caller.MayUseModel("claude"));
        Assert.False(caller.MayUseProvider("other"));
        Assert.Null(gateway.FindKey(token[..^1]));
        Assert.Null(gateway.FindKey(token + "x"));
    }

    [Fact]
    public async Task Key_Lifecycle_EachStepActsBeforeItsAnswer()
    {
        var user = await gateway.AddSignedInUserAsync();
        var created = await user.Api.PostAsync(Path, new { name = "life" });
        var token = created.Text("token");
        var one = $"{Path}/{created["id"].GetGuid()}";

        var disabled = await user.Api.PostAsync($"{one}/disable");
        disabled.MustBe(200);
        Assert.Equal("disabled", disabled.Text("status"));
        Assert.Equal("user", disabled.Text("disabled_reason"));
        Assert.True(gateway.FindKey(token)!.KeyDisabled);

        Assert.Equal("active", (await user.Api.PostAsync($"{one}/enable")).Text("status"));
        Assert.False(gateway.FindKey(token)!.KeyDisabled);

        var renamed = await user.Api.PatchAsync(one, new { name = "other", allowed_models = new[] { "a" } });
        Assert.Equal("other", renamed.Text("name"));
        Assert.False(gateway.FindKey(token)!.MayUseModel("b"));

        (await user.Api.DeleteAsync(one)).MustBe(204);
        Assert.Null(gateway.FindKey(token));
        (await user.Api.GetAsync(one)).MustBe(404, "not_found");
        (await user.Api.DeleteAsync(one)).MustBe(404, "not_found");
        Assert.Empty((await user.Api.GetAsync(Path))["items"].EnumerateArray());
        var row = await gateway.InDatabaseAsync(db => db.ApiKeys.AsNoTracking().SingleAsync(k => k.Id == created["id"].GetGuid()));
        Assert.Null(row.Digest);
        Assert.Equal("other", row.Name);
        var actions = await gateway.InDatabaseAsync(db => db.AuditLog.Where(e => e.Target == $"api_key:{row.Id}").OrderBy(e => e.Seq).Select(e => e.Action).ToListAsync());
        Assert.Equal(["api_key.created", "api_key.disabled", "api_key.enabled", "api_key.updated", "api_key.deleted"], actions);
    }

    [Fact]
    public async Task Key_ThatExpired_WorksAgainOnlyWithANewEnd()
    {
        var user = await gateway.AddSignedInUserAsync();
        var created = await user.Api.PostAsync(Path, new { name = "short", expires_at = gateway.Clock.GetUtcNow().AddMinutes(5) });
        created.MustBe(201);
        var one = $"{Path}/{created["id"].GetGuid()}";
        gateway.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("expired", (await user.Api.GetAsync(one)).Text("status"));
        Assert.NotEmpty((await user.Api.PostAsync($"{one}/enable")).Faults("expires_at"));
        Assert.NotEmpty((await user.Api.PostAsync($"{one}/enable", new { expires_at = gateway.Clock.GetUtcNow() })).Faults("expires_at"));
        var enabled = await user.Api.PostAsync($"{one}/enable", new { expires_at = gateway.Clock.GetUtcNow().AddDays(1) });

        Assert.Equal("active", enabled.Text("status"));
        Assert.Equal(gateway.Clock.GetUtcNow().AddDays(1), gateway.FindKey(created.Text("token"))!.ExpiresAt!.Value, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Create_SameName_IsTakenUntilTheOtherIsDeleted()
    {
        var user = await gateway.AddSignedInUserAsync();
        var first = await user.Api.PostAsync(Path, new { name = "same" });
        var other = await gateway.AddSignedInUserAsync();

        (await user.Api.PostAsync(Path, new { name = "same" })).MustBe(409, "name_taken");
        (await other.Api.PostAsync(Path, new { name = "same" })).MustBe(201);
        var second = await user.Api.PostAsync(Path, new { name = "different" });
        (await user.Api.PatchAsync($"{Path}/{second["id"].GetGuid()}", new { name = "same" })).MustBe(409, "name_taken");

        (await user.Api.DeleteAsync($"{Path}/{first["id"].GetGuid()}")).MustBe(204);
        (await user.Api.PostAsync(Path, new { name = "same" })).MustBe(201);
    }

    [Fact]
    public async Task Create_BadFields_AreAllNamed()
    {
        var user = await gateway.AddSignedInUserAsync();

        var answer = await user.Api.PostAsync(Path, new
        {
            name = " ",
            scopes = new[] { "root" },
            permissions = new[] { "keys.own" },
            expires_at = gateway.Clock.GetUtcNow().AddSeconds(-1),
            allowed_provider_ids = new[] { "Not A Slug" },
            allowed_models = new[] { "ok", "a*b" },
        });

        answer.MustBe(400, "validation_failed");
        Assert.All(
            new[] { "name", "scopes", "permissions", "expires_at", "allowed_provider_ids[0]", "allowed_models[1]" },
            field => Assert.NotEmpty(answer.Faults(field)));
    }

    [Theory]
    [InlineData("disabled_reason", "\"x\"")]
    [InlineData("spent_micro", "0")]
    [InlineData("user", "\"x\"")]
    [InlineData("multiplier", "0.1")]
    public async Task Create_FieldThatIsNotThere_IsRefusedByName(string field, string json)
    {
        var user = await gateway.AddSignedInUserAsync();
        var body = new Dictionary<string, object> { ["name"] = "x", [field] = JsonDocument.Parse(json).RootElement };

        var answer = await user.Api.PostAsync(Path, body);

        answer.MustBe(400, "validation_failed");
        Assert.Equal(["unknown_field"], answer.Faults(field));
        var own = (await user.Api.PostAsync(Path, new { name = "x" }))["id"].GetGuid();
        (await user.Api.PatchAsync($"{Path}/{own}", new Dictionary<string, object> { [field] = JsonDocument.Parse(json).RootElement })).MustBe(400);
    }

    [Fact]
    public async Task Key_OfAnotherUser_IsNotFoundByAnyVerb()
    {
        var owner = await gateway.AddSignedInUserAsync();
        var created = await owner.Api.PostAsync(Path, new { name = "private" });
        var one = $"{Path}/{created["id"].GetGuid()}";
        var stranger = await gateway.AddSignedInUserAsync();

        (await stranger.Api.GetAsync(one)).MustBe(404, "not_found");
        (await stranger.Api.PatchAsync(one, new { name = "mine" })).MustBe(404, "not_found");
        (await stranger.Api.DeleteAsync(one)).MustBe(404, "not_found");
        (await stranger.Api.PostAsync($"{one}/disable")).MustBe(404, "not_found");
        (await stranger.Api.PostAsync($"{one}/enable")).MustBe(404, "not_found");
        Assert.Empty((await stranger.Api.GetAsync($"{Path}?user_id={owner.User.Id}"))["items"].EnumerateArray());
        (await stranger.Api.PostAsync(Path, new { name = "x", user_id = owner.User.Id })).MustBe(403, "forbidden");
        Assert.False(gateway.FindKey(created.Text("token"))!.KeyDisabled);
    }

    [Fact]
    public async Task Key_OfAnotherUser_IsManagedByAnAdministrator()
    {
        var owner = await gateway.AddSignedInUserAsync();
        var admin = await gateway.AddSignedInUserAsync(isSuperuser: true);
        var made = await admin.Api.PostAsync(Path, new { name = "given", user_id = owner.User.Id });
        made.MustBe(201);
        var one = $"{Path}/{made["id"].GetGuid()}";

        Assert.Equal("admin", (await admin.Api.PostAsync($"{one}/disable")).Text("disabled_reason"));
        Assert.Equal("given", (await owner.Api.GetAsync(one)).Text("name"));
        Assert.Equal("active", (await owner.Api.PostAsync($"{one}/enable")).Text("status"));
        Assert.NotEmpty((await admin.Api.GetAsync($"{Path}?user_id={owner.User.Id}"))["items"].EnumerateArray());
        Assert.NotEmpty((await admin.Api.PostAsync(Path, new { name = "x", user_id = Guid.NewGuid() })).Faults("user_id"));
    }

    [Fact]
    public async Task Create_BeyondFifty_IsRefusedHoweverManyAskAtOnce()
    {
        var user = await gateway.AddSignedInUserAsync();
        for (var i = 0; i < 47; i++)
        {
            (await user.Api.PostAsync(Path, new { name = $"k{i}" })).MustBe(201);
        }

        var last = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => user.Api.PostAsync(Path, new { name = $"last{i}" })));

        Assert.Equal(3, last.Count(a => a.Status == 201));
        Assert.All(last.Where(a => a.Status != 201), a => a.MustBe(403, "quota_reached"));
    }

    [Fact]
    public async Task DeclaredKey_WaitsForItsUserAndCantBeChangedHere()
    {
        var owner = await gateway.AddSignedInUserAsync();
        var admin = await gateway.AddSignedInUserAsync(isSuperuser: true);
        const string token = "a-declared-token-of-any-form-at-all";
        var key = new ApiKey { Name = "ci", Prefix = "a-declared-t", DeclaredUser = "Nobody@yet.test", ManagedBy = "configuration", Digest = SHA256.HashData(Encoding.UTF8.GetBytes(token)) };
        await gateway.ChangeAsync(async db => await db.ApiKeys.AddAsync(key));
        await AIHigress.TestKit.Eventually.TrueAsync(() => gateway.FindKey(token) is not null, "the declared key is known");
        Assert.Null(gateway.FindKey(token)!.UserId);
        foreach (var attempt in new[] { admin.Api.DeleteAsync($"{Path}/{key.Id}"), admin.Api.PostAsync($"{Path}/{key.Id}/disable"), admin.Api.PatchAsync($"{Path}/{key.Id}", new { name = "x" }) })
        {
            (await attempt).MustBe(409, "managed_by_configuration");
        }

        await gateway.ChangeAsync(async db => (await db.ApiKeys.SingleAsync(k => k.Id == key.Id)).DeclaredUser = owner.User.Email.ToUpperInvariant());

        await AIHigress.TestKit.Eventually.TrueAsync(() => gateway.FindKey(token)!.UserId == owner.User.Id, "the key is its user's");
        await gateway.ChangeAsync(async db => db.ApiKeys.Remove(await db.ApiKeys.SingleAsync(k => k.Id == key.Id)));
    }
}

[Collection(IdentityOverSqlite.Name)]
public sealed class ApiKeysOverSqlite(IdentityOverSqlite gateway) : ApiKeyTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class ApiKeysOverPostgres(IdentityOverPostgres gateway) : ApiKeyTests(gateway);
