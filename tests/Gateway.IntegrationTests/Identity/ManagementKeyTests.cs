using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Identity;

/// <summary>What an API key may do at the management API.</summary>
public abstract class ManagementKeyTests(IdentityGateway gateway)
{
    private const string Path = "/api/v1/api-keys";

    private readonly Api _api = gateway.NewApi();

    [Fact]
    public async Task InferenceKey_IsRefusedAsTheWrongScope()
    {
        var user = await gateway.AddSignedInUserAsync();
        var key = await user.Api.PostAsync(Path, new { name = "inference" });

        (await _api.With(key.Text("token")).GetAsync("/api/v1/me")).MustBe(403, "wrong_key_scope");
    }

    [Fact]
    public async Task ManagementKey_HasItsOwnersRightsCutDownToItsList()
    {
        var admin = await gateway.AddSignedInUserAsync(isSuperuser: true);
        var stranger = await gateway.AddSignedInUserAsync();
        var other = (await stranger.Api.PostAsync(Path, new { name = "other" }))["id"].GetGuid();
        var plain = await ManagementKeyAsync(admin, "none");
        var reader = await ManagementKeyAsync(admin, "reader", "keys.read_all");

        var me = await plain.GetAsync("/api/v1/me");
        me.MustBe(200);
        Assert.Empty(me["permissions"].EnumerateArray());
        (await plain.GetAsync($"{Path}/{other}")).MustBe(404, "not_found");
        (await plain.PostAsync(Path, new { name = "x" })).MustBe(403, "forbidden");

        (await reader.GetAsync($"{Path}/{other}")).MustBe(200);
        (await reader.PostAsync($"{Path}/{other}/disable")).MustBe(403, "forbidden");
        (await reader.PostAsync(Path, new { name = "x" })).MustBe(403, "forbidden");
    }

    [Fact]
    public async Task ManagementKey_CantDoWhatNeedsAPerson()
    {
        var user = await gateway.AddSignedInUserAsync();
        var key = await ManagementKeyAsync(user, "robot", "keys.own");

        (await key.PostAsync(Path, new { name = "child", scopes = new[] { "management" } })).MustBe(403, "forbidden");
        (await key.GetAsync("/api/v1/auth/sessions")).MustBe(403, "forbidden");
        (await key.DeleteAsync("/api/v1/auth/sessions?others=true")).MustBe(403, "forbidden");
        (await key.DeleteAsync($"/api/v1/auth/sessions/{Guid.NewGuid()}")).MustBe(403, "forbidden");
        (await key.PostAsync("/api/v1/auth/logout")).MustBe(403, "forbidden");
        (await key.PostAsync("/api/v1/auth/logout-all")).MustBe(403, "forbidden");
        (await key.PostAsync("/api/v1/auth/step-up", new { password = user.User.Password })).MustBe(403, "forbidden");
        (await key.PostAsync("/api/v1/me/password", new { current_password = user.User.Password, new_password = "Another-planted-Passphrase" })).MustBe(403, "forbidden");

        (await key.PostAsync(Path, new { name = "child" })).MustBe(201);
        Assert.Equal(1, await gateway.LivingSessionsAsync(user.User.Id));
    }

    [Fact]
    public async Task ManagementKey_NeedsARecentPasswordToBeMade()
    {
        var user = await gateway.AddSignedInUserAsync();
        gateway.Clock.Advance(TimeSpan.FromMinutes(16));
        var body = new { name = "late", scopes = new[] { "management" } };

        (await user.Api.PostAsync(Path, body)).MustBe(403, "step_up_required");
        (await user.Api.PostAsync("/api/v1/auth/step-up", new { password = "wrong" })).MustBe(401, "invalid_credentials");
        var stepUp = await user.Api.PostAsync("/api/v1/auth/step-up", new { password = user.User.Password });
        stepUp.MustBe(200);

        (await user.Api.PostAsync(Path, body)).MustBe(403, "step_up_required");
        (await _api.With(stepUp.Text("access_token")).PostAsync(Path, body)).MustBe(201);
    }

    [Fact]
    public async Task ManagementKey_CantBeGivenWhatItsMakerLacks()
    {
        var user = await gateway.AddSignedInUserAsync();

        var answer = await user.Api.PostAsync(Path, new { name = "too much", scopes = new[] { "management" }, permissions = new[] { "keys.own", "keys.manage_all", "no.such" } });

        answer.MustBe(400, "validation_failed");
        Assert.Empty(answer.Faults("permissions[0]"));
        Assert.Equal(["not_held"], answer.Faults("permissions[1]"));
        Assert.Equal(["unknown"], answer.Faults("permissions[2]"));
    }

    [Fact]
    public async Task ManagementKey_LosesWhatItsOwnerLoses()
    {
        var admin = await gateway.AddSignedInUserAsync(isSuperuser: true);
        var key = await ManagementKeyAsync(admin, "strong", "keys.read_all", "keys.own");
        var stranger = await gateway.AddSignedInUserAsync();
        var other = (await stranger.Api.PostAsync(Path, new { name = "other" }))["id"].GetGuid();
        (await key.GetAsync($"{Path}/{other}")).MustBe(200);

        await gateway.ChangeAsync(async db => (await db.Users.SingleAsync(u => u.Id == admin.User.Id)).IsSuperuser = false);

        await Eventually.TrueAsync(async () => (await key.GetAsync($"{Path}/{other}")).Status == 404, "the key has lost keys.read_all");
        var me = await key.GetAsync("/api/v1/me");
        Assert.Equal(["keys.own"], me["permissions"].EnumerateArray().Select(p => p.GetString()));
    }

    [Fact]
    public async Task ManagementKey_ThatIsRestricted_CantFreeItselfOrMakeAFreerOne()
    {
        var user = await gateway.AddSignedInUserAsync();
        var end = gateway.Clock.GetUtcNow().AddDays(1);
        var made = await user.Api.PostAsync(Path, new
        {
            name = "narrow",
            scopes = new[] { "management", "inference" },
            permissions = new[] { "keys.own" },
            allowed_models = new[] { "small", "mini-*" },
            allowed_provider_ids = new[] { "main" },
            expires_at = end,
        });
        made.MustBe(201);
        var key = _api.With(made.Text("token"));
        var self = $"{Path}/{made["id"].GetGuid()}";
        var main = new[] { "main" };

        (await key.PostAsync(Path, new { name = "free" })).MustBe(403, "forbidden");
        (await key.PostAsync(Path, new { name = "all models", allowed_provider_ids = main, expires_at = end })).MustBe(403, "forbidden");
        (await key.PostAsync(Path, new { name = "wider", allowed_models = new[] { "mini*" }, allowed_provider_ids = main, expires_at = end })).MustBe(403, "forbidden");
        (await key.PostAsync(Path, new { name = "for ever", allowed_models = new[] { "small" }, allowed_provider_ids = main })).MustBe(403, "forbidden");
        (await key.PatchAsync(self, new { allowed_models = Array.Empty<string>() })).MustBe(403, "forbidden");
        (await key.PatchAsync(self, new Dictionary<string, object?> { ["expires_at"] = null })).MustBe(403, "forbidden");
        (await key.PostAsync($"{self}/enable", new { expires_at = end.AddDays(1) })).MustBe(403, "forbidden");

        (await key.PostAsync(Path, new { name = "narrower", allowed_models = new[] { "mini-1" }, allowed_provider_ids = main, expires_at = end })).MustBe(201);
        Assert.Equal(2, gateway.FindKey(made.Text("token"))!.AllowedModels.Count);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("delete")]
    [InlineData("expire")]
    public async Task ManagementKey_ThatIsNoLongerGood_IsUnauthenticatedAtOnce(string how)
    {
        var user = await gateway.AddSignedInUserAsync();
        var made = await user.Api.PostAsync(
            Path, new { name = "robot", scopes = new[] { "management" }, expires_at = gateway.Clock.GetUtcNow().AddMinutes(1) });
        var key = _api.With(made.Text("token"));
        (await key.GetAsync("/api/v1/me")).MustBe(200);

        var one = $"{Path}/{made["id"].GetGuid()}";
        switch (how)
        {
            case "disable":
                (await user.Api.PostAsync($"{one}/disable")).MustBe(200);
                break;
            case "delete":
                (await user.Api.DeleteAsync(one)).MustBe(204);
                break;
            default:
                gateway.Clock.Advance(TimeSpan.FromMinutes(1));
                break;
        }

        (await key.GetAsync("/api/v1/me")).MustBe(401, "unauthenticated");
    }

    private async Task<Api> ManagementKeyAsync(SignedInUser owner, string name, params string[] permissions)
    {
        var made = await owner.Api.PostAsync(Path, new { name, scopes = new[] { "management" }, permissions });
        made.MustBe(201);
        return _api.With(made.Text("token"));
    }
}

[Collection(IdentityOverSqlite.Name)]
public sealed class ManagementKeysOverSqlite(IdentityOverSqlite gateway) : ManagementKeyTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class ManagementKeysOverPostgres(IdentityOverPostgres gateway) : ManagementKeyTests(gateway);
