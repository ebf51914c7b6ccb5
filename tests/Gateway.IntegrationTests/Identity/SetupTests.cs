using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Setup;
using AIHigress.Gateway.Hosting.Settings;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.IntegrationTests.Identity;

public sealed class SetupTests
{
    private const string Path = "/api/v1/setup";
    private const string Password = "A-planted-Passphrase-7";

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task Setup_SeveralCallsAtOnce_OneSuperuserAnd404ForTheOthers(TestDatabase database)
    {
        await using var gateway = await GatewayFactory.StartAsync(database);
        var api = new Api(gateway.CreateClient());
        (await api.GetAsync(Path)).MustBe(200);
        var token = await LinkAsync(gateway);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            api.PostAsync(Path, new { token, email = $"first{i}@example.test", password = Password })));

        var won = Assert.Single(answers, a => a.Status == 201);
        Assert.All(answers.Where(a => a.Status != 201), a => a.MustBe(404, "not_found"));
        Assert.True(won["user"].GetProperty("is_superuser").GetBoolean());
        Assert.NotNull(won.RefreshCookie);
        (await api.With(won.Text("access_token")).GetAsync("/api/v1/me")).MustBe(200);
        Assert.Equal(1, await CountUsersAsync(gateway));
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task Setup_AfterTheFirstUser_IsGoneForEver(TestDatabase database)
    {
        await using var gateway = await GatewayFactory.StartAsync(database);
        var api = new Api(gateway.CreateClient());
        var token = await LinkAsync(gateway);
        (await api.PostAsync(Path, new { token, email = "first@example.test", password = Password, display_name = "First" })).MustBe(201);

        (await api.GetAsync(Path)).MustBe(404, "not_found");
        (await api.PostAsync(Path, new { token, email = "second@example.test", password = Password })).MustBe(404, "not_found");
        Assert.Null(await WithLinksAsync(gateway, links => links.CreateLinkAsync(CancellationToken.None)));
        Assert.Equal(1, await CountUsersAsync(gateway));
    }

    [Fact]
    public async Task Setup_NewLink_EndsTheOneBefore()
    {
        await using var gateway = await GatewayFactory.StartAsync(TestDatabase.Sqlite);
        var api = new Api(gateway.CreateClient());
        var old = await LinkAsync(gateway);
        var token = await LinkAsync(gateway);

        var refused = await api.PostAsync(Path, new { token = old, email = "first@example.test", password = Password });

        refused.MustBe(400, "validation_failed");
        Assert.Equal(["invalid_token"], refused.Faults("token"));
        (await api.PostAsync(Path, new { token, email = "first@example.test", password = Password })).MustBe(201);
    }

    [Fact]
    public async Task Setup_LinkAfterADay_IsDead()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayFactory.StartAsync(TestDatabase.Sqlite, time: clock);
        var api = new Api(gateway.CreateClient());
        var token = await LinkAsync(gateway);
        clock.Advance(TimeSpan.FromHours(24));

        Assert.Equal(["invalid_token"], (await api.PostAsync(Path, new { token, email = "first@example.test", password = Password })).Faults("token"));
    }

    [Fact]
    public async Task Setup_BadInput_IsNamedAndTheTokenStaysGood()
    {
        await using var gateway = await GatewayFactory.StartAsync(TestDatabase.Sqlite);
        var api = new Api(gateway.CreateClient());
        var token = await LinkAsync(gateway);

        Assert.NotEmpty((await api.PostAsync(Path, new { token, email = "no address", password = Password })).Faults("email"));
        Assert.Equal(["too_short"], (await api.PostAsync(Path, new { token, email = "first@example.test", password = "x" })).Faults("password"));
        Assert.NotEmpty((await api.PostAsync(Path, new { token, email = "first@example.test", password = Password, role = "x" })).Faults("role"));

        (await api.PostAsync(Path, new { token, email = "first@example.test", password = Password })).MustBe(201);
    }

    [Fact]
    public async Task Setup_FiveWrongTokens_CloseItForTheAddressForFifteenMinutes()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayFactory.StartAsync(TestDatabase.Sqlite, time: clock);
        var api = new Api(gateway.CreateClient());
        var token = await LinkAsync(gateway);
        for (var i = 0; i < 5; i++)
        {
            (await api.PostAsync(Path, new { token = $"guess{i}", email = "first@example.test", password = Password })).MustBe(400);
        }

        var closed = await api.PostAsync(Path, new { token, email = "first@example.test", password = Password });
        closed.MustBe(429, "too_many_attempts");
        Assert.Equal("900", closed.Headers["Retry-After"]);

        clock.Advance(TimeSpan.FromMinutes(15));
        (await api.PostAsync(Path, new { token, email = "first@example.test", password = Password })).MustBe(201);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.Postgres)]
    public async Task UnattendedStart_CreatesTheFirstSuperuserOnceAndClosesSetup(TestDatabase database)
    {
        await using var gateway = await GatewayFactory.StartAsync(database, new Dictionary<string, string>
        {
            ["DEFAULT_ADMIN_EMAIL"] = "Root@Example.test",
            ["DEFAULT_ADMIN_PASSWORD"] = Password,
            ["DEFAULT_ADMIN_USERNAME"] = "chief",
        });
        var api = new Api(gateway.CreateClient());

        (await api.GetAsync(Path)).MustBe(404);
        var login = await api.PostAsync("/api/v1/auth/login", new { username = "chief", password = Password });

        login.MustBe(200);
        Assert.True(login["user"].GetProperty("is_superuser").GetBoolean());
        Assert.Null(await WithLinksAsync(gateway, links => links.EnsureFirstUserAsync(CancellationToken.None)));
        Assert.Equal(1, await CountUsersAsync(gateway));
    }

    [Theory]
    [InlineData("nobody", Password, "admin", "DEFAULT_ADMIN_EMAIL")]
    [InlineData("a@example.test", "password1", "admin", "DEFAULT_ADMIN_PASSWORD")]
    [InlineData("a@example.test", Password, "two words", "DEFAULT_ADMIN_USERNAME")]
    public async Task UnattendedStart_BadValue_NamesTheSettingAndCreatesNobody(string email, string password, string username, string setting)
    {
        await using var gateway = await GatewayFactory.StartAsync(TestDatabase.Sqlite, services: services =>
            services.AddSingleton(Options.Create(new FirstUserOptions())));
        var options = gateway.Services.GetRequiredService<IOptions<FirstUserOptions>>().Value;
        (options.Email, options.Password, options.Username) = (email, password, username);

        var fault = await Assert.ThrowsAsync<SettingException>(() => WithLinksAsync(gateway, links => links.EnsureFirstUserAsync(CancellationToken.None)));

        Assert.Equal(setting, fault.Setting);
        Assert.DoesNotContain(password, fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, await CountUsersAsync(gateway));
    }

    [Fact]
    public async Task SetupPage_IsServedWithoutAnythingInline()
    {
        await using var gateway = await GatewayFactory.StartAsync(TestDatabase.Sqlite);
        var api = new Api(gateway.CreateClient());

        var page = await api.GetAsync("/setup");

        page.MustBe(200);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("<style", page.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=", page.Body, StringComparison.OrdinalIgnoreCase);
        foreach (var file in new[] { "/setup/page.js", "/setup/texts.js", "/setup/page.css" })
        {
            Assert.Contains(file, page.Body, StringComparison.Ordinal);
            (await api.GetAsync(file)).MustBe(200);
        }
    }

    private static async Task<string> LinkAsync(GatewayFactory gateway)
    {
        const string start = "/setup#token=";
        var link = await WithLinksAsync(gateway, links => links.CreateLinkAsync(CancellationToken.None));
        Assert.StartsWith(start, link, StringComparison.Ordinal);
        return link![start.Length..];
    }

    private static async Task<T> WithLinksAsync<T>(GatewayFactory gateway, Func<ISetupLinks, Task<T>> work)
    {
        await using var scope = gateway.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<ISetupLinks>());
    }

    private static async Task<int> CountUsersAsync(GatewayFactory gateway)
    {
        await using var scope = gateway.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Data.GatewayDbContext>().Users.CountAsync();
    }
}
