using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Identity;

public abstract class MeTests(IdentityGateway gateway)
{
    private readonly Api _api = gateway.NewApi();

    [Fact]
    public async Task Me_Get_ShowsTheProfileAndNoSecret()
    {
        var user = await gateway.AddSignedInUserAsync();

        var answer = await user.Api.GetAsync("/api/v1/me");

        answer.MustBe(200);
        Assert.Equal(user.User.Username, answer.Text("username"));
        Assert.Equal(user.User.Email, answer.Text("email"));
        Assert.Equal(["bridge.use", "chat.use", "keys.own", "providers.own", "providers.share", "providers.submit", "webhooks.own"], answer["permissions"].EnumerateArray().Select(p => p.GetString()));
        Assert.DoesNotContain("hash", answer.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("stamp", answer.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Me_Patch_KeepsWhatIsAbsentAndClearsWhatIsNull()
    {
        var user = await gateway.AddSignedInUserAsync();
        (await user.Api.PatchAsync("/api/v1/me", new { display_name = "Ada", locale = "zh-CN", timezone = "UTC" })).MustBe(200);

        var answer = await user.Api.PatchAsync("/api/v1/me", new Dictionary<string, object?> { ["locale"] = null });

        answer.MustBe(200);
        Assert.Equal("Ada", answer.Text("display_name"));
        Assert.Equal("UTC", answer.Text("timezone"));
        Assert.False(answer.Json.TryGetProperty("locale", out var locale) && locale.ValueKind != JsonValueKind.Null);
    }

    [Theory]
    [InlineData("is_superuser", "true")]
    [InlineData("email", "\"new@example.test\"")]
    [InlineData("is_active", "true")]
    [InlineData("permissions", "[\"users.write\"]")]
    public async Task Me_PatchOfWhatIsNotOnes_IsRefusedByName(string field, string json)
    {
        var user = await gateway.AddSignedInUserAsync();

        var answer = await user.Api.PatchAsync("/api/v1/me", new Dictionary<string, object> { [field] = JsonDocument.Parse(json).RootElement });

        answer.MustBe(400, "validation_failed");
        Assert.NotEmpty(answer.Faults(field));
    }

    [Fact]
    public async Task Me_PatchOfBadValues_NamesEach()
    {
        var user = await gateway.AddSignedInUserAsync();

        var answer = await user.Api.PatchAsync(
            "/api/v1/me", new { username = "no spaces", locale = "english please", timezone = "Nowhere/Here", display_name = new string('x', 101) });

        answer.MustBe(400, "validation_failed");
        Assert.All(new[] { "username", "locale", "timezone", "display_name" }, field => Assert.NotEmpty(answer.Faults(field)));
    }

    [Fact]
    public async Task Me_PatchToATakenUsername_IsAConflictInAnyCase()
    {
        var first = await gateway.AddUserAsync();
        var second = await gateway.AddSignedInUserAsync();

        (await second.Api.PatchAsync("/api/v1/me", new { username = first.Username.ToUpperInvariant() })).MustBe(409, "name_taken");
    }

    [Fact]
    public async Task Password_Change_EndsOtherSessionsAndKeepsThisOne()
    {
        var here = await gateway.AddSignedInUserAsync();
        var elsewhere = await gateway.SignInAsync(here.User);
        const string next = "Another-planted-Passphrase";

        var answer = await here.Api.PostAsync("/api/v1/me/password", new { current_password = here.User.Password, new_password = next });

        answer.MustBe(200);
        (await elsewhere.Api.GetAsync("/api/v1/me")).MustBe(401, "session_ended");
        (await here.Api.GetAsync("/api/v1/me")).MustBe(401, "token_expired");
        (await _api.With(answer.Text("access_token")).GetAsync("/api/v1/me")).MustBe(200);
        (await _api.PostAsync("/api/v1/auth/refresh", new { refresh_token = here.RefreshToken })).MustBe(200);
        (await _api.PostAsync("/api/v1/auth/login", new { email = here.User.Email, password = here.User.Password })).MustBe(401, "invalid_credentials");
        (await _api.PostAsync("/api/v1/auth/login", new { email = here.User.Email, password = next })).MustBe(200);
    }

    [Fact]
    public async Task Password_WrongCurrentOne_IsRefusedAndGuessesAreCounted()
    {
        var user = await gateway.AddSignedInUserAsync();
        for (var i = 0; i < 5; i++)
        {
            var wrong = await user.Api.PostAsync("/api/v1/me/password", new { current_password = $"guess {i}", new_password = "Another-planted-Passphrase" });
            wrong.MustBe(400, "validation_failed");
            Assert.Equal(["invalid_credentials"], wrong.Faults("current_password"));
        }

        (await user.Api.PostAsync("/api/v1/me/password", new { current_password = user.User.Password, new_password = "Another-planted-Passphrase" }))
            .MustBe(429, "too_many_attempts");
        (await user.Api.PostAsync("/api/v1/auth/step-up", new { password = user.User.Password })).MustBe(429, "too_many_attempts");
    }

    [Theory]
    [InlineData("short7!", "too_short")]
    [InlineData("P@ssw0rd123", "too_common")]
    [InlineData("qwertyuiop", "too_common")]
    [InlineData("20011225", "too_common")]
    public async Task Password_NewOneAgainstTheRules_IsNamed(string password, string code)
    {
        var user = await gateway.AddSignedInUserAsync();

        var answer = await user.Api.PostAsync("/api/v1/me/password", new { current_password = user.User.Password, new_password = password });

        answer.MustBe(400, "validation_failed");
        Assert.Equal([code], answer.Faults("new_password"));
    }

    [Fact]
    public async Task Password_OfMoreThan128Characters_IsRefusedAndNotCutOff()
    {
        var user = await gateway.AddSignedInUserAsync();
        var most = string.Concat(Enumerable.Range(0, 64).Select(i => (char)('A' + (i * 7 % 26)) + "9"));

        var answer = await user.Api.PostAsync("/api/v1/me/password", new { current_password = user.User.Password, new_password = most + "x" });

        Assert.Equal(["too_long"], answer.Faults("new_password"));
        (await user.Api.PostAsync("/api/v1/me/password", new { current_password = user.User.Password, new_password = most })).MustBe(200);
        (await _api.PostAsync("/api/v1/auth/login", new { email = user.User.Email, password = most + "x" })).MustBe(401);
        (await _api.PostAsync("/api/v1/auth/login", new { email = user.User.Email, password = most })).MustBe(200);
    }

    [Fact]
    public async Task Password_SameAsTheEmail_IsRefused()
    {
        var user = await gateway.AddSignedInUserAsync();

        var answer = await user.Api.PostAsync(
            "/api/v1/me/password", new { current_password = user.User.Password, new_password = user.User.Email.ToUpperInvariant() });

        Assert.Equal(["same_as_account"], answer.Faults("new_password"));
    }
}

[Collection(IdentityOverSqlite.Name)]
public sealed class MeOverSqlite(IdentityOverSqlite gateway) : MeTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class MeOverPostgres(IdentityOverPostgres gateway) : MeTests(gateway);
