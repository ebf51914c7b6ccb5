using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Identity;

public abstract class SessionTests(IdentityGateway gateway)
{
    private readonly Api _api = gateway.NewApi();

    [Fact]
    public async Task Logout_EndsAccessAndRefreshTokenOfThisSessionOnly()
    {
        var here = await gateway.AddSignedInUserAsync();
        var elsewhere = await gateway.SignInAsync(here.User);

        var answer = await here.Api.PostAsync("/api/v1/auth/logout");

        answer.MustBe(204);
        Assert.Contains("aih_refresh=;", answer.Headers["Set-Cookie"], StringComparison.Ordinal);
        (await here.Api.GetAsync("/api/v1/me")).MustBe(401, "session_ended");
        (await RefreshAsync(here)).MustBe(401, "session_ended");
        (await elsewhere.Api.GetAsync("/api/v1/me")).MustBe(200);
        (await RefreshAsync(elsewhere)).MustBe(200);
    }

    [Fact]
    public async Task LogoutAll_EndsEverySessionOfTheUserAndNobodyElses()
    {
        var first = await gateway.AddSignedInUserAsync();
        var second = await gateway.SignInAsync(first.User);
        var other = await gateway.AddSignedInUserAsync();

        var answer = await first.Api.PostAsync("/api/v1/auth/logout-all");

        answer.MustBe(200);
        Assert.Equal(2, answer["ended"].GetInt32());
        (await second.Api.GetAsync("/api/v1/me")).MustBe(401, "session_ended");
        (await other.Api.GetAsync("/api/v1/me")).MustBe(200);
    }

    [Fact]
    public async Task Sessions_List_ShowsOwnDevicesAndMarksThisOne()
    {
        var user = await gateway.AddUserAsync();
        var laptop = await _api.SendAsync(
            HttpMethod.Post, "/api/v1/auth/login", new { email = user.Email, password = user.Password, device_name = "laptop" }, ("User-Agent", "Test/1.0"));
        var phone = await gateway.SignInAsync(user);

        var list = (await phone.Api.GetAsync("/api/v1/auth/sessions")).Json.EnumerateArray().ToList();

        Assert.Equal(2, list.Count);
        var current = Assert.Single(list, s => s.GetProperty("is_current").GetBoolean());
        var other = Assert.Single(list, s => !s.GetProperty("is_current").GetBoolean());
        Assert.Equal("laptop", other.GetProperty("device_name").GetString());
        Assert.Equal("Test/1.0", other.GetProperty("user_agent").GetString());
        (await phone.Api.DeleteAsync($"/api/v1/auth/sessions/{other.GetProperty("id").GetGuid()}")).MustBe(204);
        (await _api.With(laptop.Text("access_token")).GetAsync("/api/v1/me")).MustBe(401, "session_ended");
        Assert.Equal(current.GetProperty("id").GetGuid(),
            Assert.Single((await phone.Api.GetAsync("/api/v1/auth/sessions")).Json.EnumerateArray()).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Sessions_EndOneOfAnotherUser_IsNotFoundAndEndsNothing()
    {
        var user = await gateway.AddSignedInUserAsync();
        var stranger = await gateway.AddSignedInUserAsync(isSuperuser: true);
        var session = (await user.Api.GetAsync("/api/v1/auth/sessions")).Json[0].GetProperty("id").GetGuid();

        (await stranger.Api.DeleteAsync($"/api/v1/auth/sessions/{session}")).MustBe(404, "not_found");
        (await stranger.Api.DeleteAsync($"/api/v1/auth/sessions/{Guid.NewGuid()}")).MustBe(404, "not_found");

        (await user.Api.GetAsync("/api/v1/me")).MustBe(200);
    }

    [Fact]
    public async Task Sessions_EndOthers_KeepsThisOne()
    {
        var here = await gateway.AddSignedInUserAsync();
        var elsewhere = await gateway.SignInAsync(here.User);
        (await here.Api.DeleteAsync("/api/v1/auth/sessions")).MustBe(400, "validation_failed");

        var answer = await here.Api.DeleteAsync("/api/v1/auth/sessions?others=true");

        answer.MustBe(200);
        Assert.Equal(1, answer["ended"].GetInt32());
        (await elsewhere.Api.GetAsync("/api/v1/me")).MustBe(401, "session_ended");
        (await here.Api.GetAsync("/api/v1/me")).MustBe(200);
    }

    [Fact]
    public async Task Sessions_SixthSignIn_EndsTheLeastRecentlyUsed()
    {
        var user = await gateway.AddUserAsync();
        var sessions = new List<SignedInUser>();
        for (var i = 0; i < 5; i++)
        {
            gateway.Clock.Advance(TimeSpan.FromSeconds(1));
            sessions.Add(await gateway.SignInAsync(user));
        }

        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        (await RefreshAsync(sessions[0])).MustBe(200);
        await gateway.SignInAsync(user);

        Assert.Equal(5, await gateway.LivingSessionsAsync(user.Id));
        (await sessions[0].Api.GetAsync("/api/v1/me")).MustBe(200);
        (await sessions[1].Api.GetAsync("/api/v1/me")).MustBe(401, "session_ended");
    }

    [Fact]
    public async Task Sessions_ManySignInsAtOnce_LeaveNoMoreThanFive()
    {
        var user = await gateway.AddUserAsync();

        // Attempts count from their begin, so five at a time is what one name may have on its way.
        for (var round = 0; round < 2; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => gateway.SignInAsync(user)));
        }

        Assert.Equal(5, await gateway.LivingSessionsAsync(user.Id));
    }

    [Fact]
    public async Task AccessToken_AfterThirtyMinutes_HasExpired()
    {
        var user = await gateway.AddSignedInUserAsync();
        gateway.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        (await user.Api.GetAsync("/api/v1/me")).MustBe(200);

        gateway.Clock.Advance(TimeSpan.FromSeconds(1));

        var answer = await user.Api.GetAsync("/api/v1/me");
        answer.MustBe(401, "token_expired");
        Assert.Contains("invalid_token", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisabledUser_IsOutEverywhereAndItsKeysToo()
    {
        var user = await gateway.AddSignedInUserAsync();
        var key = (await user.Api.PostAsync("/api/v1/api-keys", new { name = "mine" })).Text("token");
        Assert.False(gateway.FindKey(key)!.OwnerDisabled);

        // Committed as another part of the server would; nothing here waits for it, and the clock of the poll stands still.
        await gateway.ChangeAsync(async db => (await db.Users.SingleAsync(u => u.Id == user.User.Id)).IsActive = false);

        await Eventually.TrueAsync(async () => (await user.Api.GetAsync("/api/v1/me")).Code == "session_ended", "the disabled user's token is refused");
        Assert.True(gateway.FindKey(key)!.OwnerDisabled);
        Assert.Null(gateway.Services.GetRequiredService<IAccessTokens>().TryAuthenticate(user.AccessToken));
    }

    [Fact]
    public async Task TryAuthenticate_LivingToken_TellsTheUserWithoutADatabase()
    {
        var user = await gateway.AddSignedInUserAsync();

        var caller = gateway.Services.GetRequiredService<IAccessTokens>().TryAuthenticate(user.AccessToken);

        Assert.Equal(user.User.Id, caller!.Id);
        Assert.Equal(user.User.Username, caller.Username);
        Assert.NotNull(caller.SessionId);
        Assert.True(caller.Has("keys.own"));
        Assert.False(caller.Has("keys.read_all"));
    }

    [Fact]
    public async Task Me_WrongCredentials_SayWhyAndHow()
    {
        var none = await _api.GetAsync("/api/v1/me");
        none.MustBe(401, "unauthenticated");
        Assert.Equal("Bearer realm=\"aihigress\"", none.Headers["WWW-Authenticate"]);
        foreach (var token in new[] { "nonsense", "a.b.c", "sk-aih-unknown", new string('x', 10_000) })
        {
            (await _api.With(token).GetAsync("/api/v1/me")).MustBe(401, "unauthenticated");
        }

        var user = await gateway.AddSignedInUserAsync();
        (await _api.SendAsync(HttpMethod.Get, $"/api/v1/me?access_token={user.AccessToken}")).MustBe(401, "unauthenticated");
        (await _api.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("Authorization", $"Basic {user.AccessToken}"))).MustBe(401, "unauthenticated");
        (await _api.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("X-Api-Key", user.AccessToken))).MustBe(401, "unauthenticated");
    }

    private Task<Answer> RefreshAsync(SignedInUser user) => _api.PostAsync("/api/v1/auth/refresh", new { refresh_token = user.RefreshToken });
}

[Collection(IdentityOverSqlite.Name)]
public sealed class SessionsOverSqlite(IdentityOverSqlite gateway) : SessionTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class SessionsOverPostgres(IdentityOverPostgres gateway) : SessionTests(gateway);
