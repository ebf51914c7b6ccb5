using System.Buffers.Binary;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Sessions;
using AIHigress.TestKit;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.IntegrationTests.Identity;

public abstract class LoginTests(IdentityGateway gateway)
{
    private const string Path = "/api/v1/auth/login";

    private readonly Api _api = gateway.NewApi();

    [Fact]
    public async Task Login_ByEmailOrUsernameInAnyCase_GivesATokenThatWorks()
    {
        var user = await gateway.AddUserAsync();

        foreach (var body in new object[]
        {
            new { email = user.Email.ToUpperInvariant(), password = user.Password },
            new { username = user.Username.ToUpperInvariant(), password = user.Password },
        })
        {
            var answer = await _api.PostAsync(Path, body);

            answer.MustBe(200);
            Assert.Equal("Bearer", answer.Text("token_type"));
            Assert.Equal(1800, answer["expires_in"].GetInt32());
            Assert.Equal(user.Id, answer["user"].GetProperty("id").GetGuid());
            Assert.False(answer.Json.TryGetProperty("refresh_token", out var inBody) && inBody.ValueKind != System.Text.Json.JsonValueKind.Null);
            (await _api.With(answer.Text("access_token")).GetAsync("/api/v1/me")).MustBe(200);
        }
    }

    [Fact]
    public async Task Login_ByCookie_CookieIsClosedToScriptsSitesAndOtherPaths()
    {
        var user = await gateway.AddUserAsync();

        var answer = await _api.PostAsync(Path, new { email = user.Email, password = user.Password });

        var attributes = answer.RefreshCookie!.Value.Attributes.ToLowerInvariant();
        Assert.Contains("httponly", attributes, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", attributes, StringComparison.Ordinal);
        Assert.Contains("path=/api/v1/auth", attributes, StringComparison.Ordinal);
        Assert.Contains("max-age=604800", attributes, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", attributes, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task Login_OverHttps_CookieIsSecure()
    {
        var user = await gateway.AddUserAsync();
        using var client = gateway.CreateClient(new() { BaseAddress = new Uri("https://localhost"), HandleCookies = false });

        var answer = await new Api(client).PostAsync(Path, new { email = user.Email, password = user.Password });

        Assert.Contains("secure", answer.RefreshCookie!.Value.Attributes.ToLowerInvariant(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_UnknownNameAndWrongPassword_AreAnsweredAlike()
    {
        var user = await gateway.AddUserAsync();

        var wrong = await _api.PostAsync(Path, new { email = user.Email, password = "not the password" });
        var unknown = await _api.PostAsync(Path, new { email = "nobody-" + user.Email, password = "not the password" });

        wrong.MustBe(401, "invalid_credentials");
        unknown.MustBe(401, "invalid_credentials");
        Assert.Equal(wrong.Text("detail"), unknown.Text("detail"));
        Assert.Equal(Shape(wrong), Shape(unknown));
        Assert.StartsWith("Bearer", wrong.Headers["WWW-Authenticate"], StringComparison.Ordinal);

        static string[] Shape(Answer answer) => [.. answer.Json.EnumerateObject().Select(p => p.Name), .. answer.Headers.Keys.Order()];
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Login_FiveFailures_LockTheNameForFifteenMinutesWhetherItExistsOrNot(bool exists)
    {
        var user = await gateway.AddUserAsync();
        var email = exists ? user.Email : "ghost-" + user.Email;
        for (var i = 0; i < 5; i++)
        {
            // Written differently each time: it is one name.
            var written = i % 2 == 0 ? email : email.ToUpperInvariant();
            (await _api.PostAsync(Path, new { email = written, password = "wrong" })).MustBe(401, "invalid_credentials");
        }

        var locked = await _api.PostAsync(Path, new { email, password = user.Password });
        locked.MustBe(429, "too_many_attempts");
        Assert.Equal("900", locked.Headers["Retry-After"]);

        gateway.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        (await _api.PostAsync(Path, new { email, password = user.Password })).MustBe(429, "too_many_attempts");

        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        (await _api.PostAsync(Path, new { email, password = user.Password })).MustBe(exists ? 200 : 401);
    }

    [Fact]
    public async Task Login_RightPassword_ForgetsTheFailuresBefore()
    {
        var user = await gateway.AddUserAsync();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                (await _api.PostAsync(Path, new { email = user.Email, password = "wrong" })).MustBe(401);
            }

            (await _api.PostAsync(Path, new { email = user.Email, password = user.Password })).MustBe(200);
        }
    }

    [Fact]
    public async Task Login_ManyGuessesAtOnce_NoMoreThanFiveAreTried()
    {
        var user = await gateway.AddUserAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _api.PostAsync(Path, new { email = user.Email, password = $"guess {i}" })));

        Assert.InRange(answers.Count(a => a.Status == 401), 1, 5);
        Assert.Equal(20, answers.Count(a => a.Status is 401 or 429));
        (await _api.PostAsync(Path, new { email = user.Email, password = "another guess" })).MustBe(429);
    }

    [Fact]
    public async Task Login_DisabledUser_LearnsItOnlyWithTheRightPassword()
    {
        var user = await gateway.AddUserAsync();
        await gateway.ChangeAsync(async db => (await db.Users.SingleAsync(u => u.Id == user.Id)).IsActive = false);

        (await _api.PostAsync(Path, new { email = user.Email, password = "wrong" })).MustBe(401, "invalid_credentials");
        (await _api.PostAsync(Path, new { email = user.Email, password = user.Password })).MustBe(403, "account_disabled");
    }

    [Fact]
    public async Task Login_HashOfLessWork_IsReplacedByOneOfTodays()
    {
        var user = await gateway.AddUserAsync();
        var weak = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 10_000 }));
        await gateway.ChangeAsync(async db =>
        {
            var row = await db.Users.SingleAsync(u => u.Id == user.Id);
            row.PasswordHash = weak.HashPassword(row, user.Password);
        });

        (await _api.PostAsync(Path, new { email = user.Email, password = user.Password })).MustBe(200);

        var hash = Convert.FromBase64String((await gateway.InDatabaseAsync(db => db.Users.SingleAsync(u => u.Id == user.Id))).PasswordHash!);
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)));
        Assert.Equal(210_000u, BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)));
        (await _api.PostAsync(Path, new { email = user.Email, password = user.Password })).MustBe(200);
    }

    [Fact]
    public async Task Login_BadInput_IsNamed()
    {
        var neither = await _api.PostAsync(Path, new { password = "x" });
        neither.MustBe(400, "validation_failed");
        Assert.Equal(["one_of"], neither.Faults("email"));

        (await _api.PostAsync(Path, new { email = "a@example.test", username = "a", password = "x" })).MustBe(400, "validation_failed");

        var unknown = await _api.PostAsync(Path, new { email = "a@example.test", password = "x", is_superuser = true });
        unknown.MustBe(400, "validation_failed");
        Assert.NotEmpty(unknown.Faults("is_superuser"));
    }

    [Fact]
    public async Task Login_EndlessPassword_IsAFailureLikeOthers()
    {
        var user = await gateway.AddUserAsync();

        (await _api.PostAsync(Path, new { email = user.Email, password = user.Password + new string('x', 100_000) })).MustBe(401, "invalid_credentials");
    }

    [Fact]
    public async Task Login_Failures_AreAuditedPerMinuteAndAddressWithoutTheNamesTried()
    {
        const string typed = "typed-my-password-into-the-name";
        await gateway.Services.GetRequiredService<FailedSignIns>().FlushAsync(CancellationToken.None);
        for (var i = 0; i < 3; i++)
        {
            (await _api.PostAsync(Path, new { username = typed, password = "x" })).MustBe(401);
        }

        await gateway.Services.GetRequiredService<FailedSignIns>().FlushAsync(CancellationToken.None);

        var entries = await gateway.InDatabaseAsync(db => db.AuditLog.AsNoTracking().Where(e => e.Action == "sign_in.failed").ToListAsync());
        var last = entries.OrderBy(e => e.Seq).Last();
        Assert.Equal("""{"count":[0,3]}""", last.Diff);
        Assert.Equal("address:local", last.Target);
        Assert.DoesNotContain(entries, e => $"{e.Actor}{e.Target}{e.Diff}".Contains(typed, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Login_FiveFailuresFromOneAddress_RefuseItForOtherNamesToo()
    {
        await using var own = await GatewayFactory.StartAsync(gateway.Database, new Dictionary<string, string>
        {
            ["DEFAULT_ADMIN_EMAIL"] = IdentityGateway.AdminEmail,
            ["DEFAULT_ADMIN_PASSWORD"] = IdentityGateway.AdminPassword,
        });
        var api = new Api(own.CreateClient());
        for (var i = 0; i < 5; i++)
        {
            (await api.PostAsync(Path, new { username = $"name{i}", password = "x" })).MustBe(401);
        }

        var refused = await api.PostAsync(Path, new { email = IdentityGateway.AdminEmail, password = IdentityGateway.AdminPassword });

        refused.MustBe(429, "too_many_attempts");
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
    }
}

[Collection(IdentityOverSqlite.Name)]
public sealed class LoginOverSqlite(IdentityOverSqlite gateway) : LoginTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class LoginOverPostgres(IdentityOverPostgres gateway) : LoginTests(gateway);
