using AIHigress.Gateway.Features.Identity.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Identity;

public abstract class RefreshTests(IdentityGateway gateway)
{
    private const string Path = "/api/v1/auth/refresh";

    private readonly Api _api = gateway.NewApi();

    [Fact]
    public async Task Refresh_LastToken_YieldsTheNextAndAWorkingAccessToken()
    {
        var user = await gateway.AddSignedInUserAsync();

        var first = await RefreshAsync(user.RefreshToken);
        var second = await RefreshAsync(first.Text("refresh_token"));

        second.MustBe(200);
        Assert.Equal(3, Distinct(user.RefreshToken, first.Text("refresh_token"), second.Text("refresh_token")));
        (await _api.With(second.Text("access_token")).GetAsync("/api/v1/me")).MustBe(200);
        Assert.Equal(1, await gateway.LivingSessionsAsync(user.User.Id));
    }

    [Fact]
    public async Task Refresh_ManyAtOnce_AllGetTheSameSuccessorAndOneSessionLives()
    {
        var user = await gateway.AddSignedInUserAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefreshAsync(user.RefreshToken)));

        Assert.All(answers, a => a.MustBe(200));
        Assert.Single(answers.Select(a => a.Text("refresh_token")).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, await gateway.LivingSessionsAsync(user.User.Id));
        (await RefreshAsync(answers[0].Text("refresh_token"))).MustBe(200);
    }

    [Fact]
    public async Task Refresh_ReplyWasLost_TheOldTokenYieldsTheSameForThirtySeconds()
    {
        var user = await gateway.AddSignedInUserAsync();
        var lost = await RefreshAsync(user.RefreshToken);

        gateway.Clock.Advance(TimeSpan.FromSeconds(29));
        var again = await RefreshAsync(user.RefreshToken);

        again.MustBe(200);
        Assert.Equal(lost.Text("refresh_token"), again.Text("refresh_token"));
    }

    [Fact]
    public async Task Refresh_OldTokenAfterTheGrace_EndsTheSessionWithBothTokens()
    {
        var user = await gateway.AddSignedInUserAsync();
        var stolen = user.RefreshToken;
        var current = await RefreshAsync(stolen);
        gateway.Clock.Advance(TimeSpan.FromSeconds(31));

        (await RefreshAsync(stolen)).MustBe(401, "session_ended");

        (await RefreshAsync(current.Text("refresh_token"))).MustBe(401, "session_ended");
        (await _api.With(current.Text("access_token")).GetAsync("/api/v1/me")).MustBe(401, "session_ended");
        var session = await gateway.InDatabaseAsync(db => db.Sessions.AsNoTracking().SingleAsync(s => s.UserId == user.User.Id));
        Assert.Equal("refresh_reuse", session.EndReason);
        Assert.True(await gateway.InDatabaseAsync(db => db.AuditLog.AnyAsync(e => e.Action == "session.ended" && e.Target == $"session:{session.Id}")));
    }

    [Fact]
    public async Task Refresh_TokenBeforeThePrevious_EndsTheSessionEvenWithinTheGrace()
    {
        var user = await gateway.AddSignedInUserAsync();
        var second = await RefreshAsync(user.RefreshToken);
        (await RefreshAsync(second.Text("refresh_token"))).MustBe(200);

        (await RefreshAsync(user.RefreshToken)).MustBe(401, "session_ended");

        Assert.Equal(0, await gateway.LivingSessionsAsync(user.User.Id));
    }

    [Fact]
    public async Task Refresh_ForgedToken_IsRefusedAndEndsNothing()
    {
        var user = await gateway.AddSignedInUserAsync();
        var genuine = RefreshToken.Parse(user.RefreshToken)!.Value;
        var forgeries = new[]
        {
            (genuine with { Counter = genuine.Counter + 1 }).ToString(),
            (genuine with { Counter = 0 }).ToString(),
            (genuine with { SessionId = Guid.NewGuid() }).ToString(),
            RefreshToken.Make(genuine.SessionId, genuine.Counter, RefreshToken.NewSecret()).ToString(),
            user.RefreshToken[..^1],
            "",
            "nonsense",
            new string('.', 5000),
        };
        foreach (var forged in forgeries)
        {
            (await RefreshAsync(forged)).MustBe(401, "unauthenticated");
        }

        (await RefreshAsync(user.RefreshToken)).MustBe(200);
    }

    [Fact]
    public async Task Refresh_AfterSevenSilentDays_TheSessionIsOver()
    {
        var user = await gateway.AddSignedInUserAsync();
        gateway.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        var next = await RefreshAsync(user.RefreshToken);
        next.MustBe(200);

        gateway.Clock.Advance(TimeSpan.FromDays(7));

        (await RefreshAsync(next.Text("refresh_token"))).MustBe(401, "session_ended");
    }

    [Fact]
    public async Task Refresh_UsedEveryDay_TheSessionStillEndsAfterThirtyDays()
    {
        var user = await gateway.AddSignedInUserAsync();
        var token = user.RefreshToken;
        for (var day = 0; day < 29; day++)
        {
            gateway.Clock.Advance(TimeSpan.FromDays(1));
            var next = await RefreshAsync(token);
            next.MustBe(200);
            token = next.Text("refresh_token");
        }

        gateway.Clock.Advance(TimeSpan.FromHours(23) + TimeSpan.FromMinutes(50));
        var last = await RefreshAsync(token);
        last.MustBe(200);
        Assert.InRange(last["expires_in"].GetInt32(), 1, 600);

        gateway.Clock.Advance(TimeSpan.FromMinutes(10));
        (await RefreshAsync(last.Text("refresh_token"))).MustBe(401, "session_ended");
    }

    [Fact]
    public async Task Refresh_DisabledUser_GetsNothing()
    {
        var user = await gateway.AddSignedInUserAsync();
        await gateway.ChangeAsync(async db => (await db.Users.SingleAsync(u => u.Id == user.User.Id)).IsActive = false);

        (await RefreshAsync(user.RefreshToken)).MustBe(401, "session_ended");
    }

    [Fact]
    public async Task Refresh_ByCookie_NeedsOurOwnOrigin()
    {
        var user = await gateway.AddUserAsync();
        var signedIn = await _api.PostAsync("/api/v1/auth/login", new { email = user.Email, password = user.Password });
        var cookie = ("Cookie", $"aih_refresh={signedIn.RefreshCookie!.Value.Value}");
        (string, string)[][] refused =
        [
            [cookie],
            [cookie, ("Sec-Fetch-Site", "cross-site")],
            [cookie, ("Sec-Fetch-Site", "same-site"), ("Origin", "http://localhost")],
            [cookie, ("Sec-Fetch-Site", "none")],
            [cookie, ("Origin", "http://evil.test")],
            [cookie, ("Origin", "null")],
            [cookie, ("Origin", "http://localhost.evil.test")],
        ];
        foreach (var headers in refused)
        {
            (await _api.SendAsync(HttpMethod.Post, Path, null, headers)).MustBe(403, "forbidden");
        }

        var byFetchSite = await _api.SendAsync(HttpMethod.Post, Path, null, cookie, ("Sec-Fetch-Site", "same-origin"));
        byFetchSite.MustBe(200);
        Assert.NotNull(byFetchSite.RefreshCookie);
        Assert.DoesNotContain(byFetchSite.RefreshCookie!.Value.Value, byFetchSite.Body, StringComparison.Ordinal);
        var byOrigin = await _api.SendAsync(HttpMethod.Post, Path, null, cookie, ("Origin", "http://localhost"));
        byOrigin.MustBe(200);
        Assert.Equal(byFetchSite.RefreshCookie!.Value.Value, byOrigin.RefreshCookie!.Value.Value);
    }

    [Fact]
    public async Task Refresh_WithoutAnyToken_IsUnauthenticated()
    {
        (await _api.PostAsync(Path)).MustBe(401, "unauthenticated");
    }

    private Task<Answer> RefreshAsync(string token) => _api.PostAsync(Path, new { refresh_token = token });

    private static int Distinct(params string[] texts) => texts.Distinct(StringComparer.Ordinal).Count();
}

[Collection(IdentityOverSqlite.Name)]
public sealed class RefreshOverSqlite(IdentityOverSqlite gateway) : RefreshTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class RefreshOverPostgres(IdentityOverPostgres gateway) : RefreshTests(gateway);
