namespace AIHigress.Gateway.IntegrationTests.Identity;

/// <summary>The list of keys, and by it the paging that every list shares.</summary>
public abstract class ApiKeyListTests(IdentityGateway gateway)
{
    private const string Path = "/api/v1/api-keys";

    [Theory]
    [InlineData("name")]
    [InlineData("-name")]
    [InlineData("created_at")]
    [InlineData("-created_at")]
    [InlineData("last_used_at")]
    [InlineData("-last_used_at")]
    public async Task List_PageByPage_ShowsEachKeyOnceInOrder(string sort)
    {
        var user = await AddUserWithKeysAsync(7);

        var pages = new List<string>();
        var cursor = "";
        do
        {
            var page = await user.Api.GetAsync($"{Path}?limit=3&sort={sort}{cursor}");
            page.MustBe(200);
            pages.AddRange(page["items"].EnumerateArray().Select(k => k.GetProperty("name").GetString()!));
            cursor = page.Json.TryGetProperty("next_cursor", out var next) && next.GetString() is { } text ? $"&cursor={text}" : "";
        }
        while (cursor.Length > 0);

        var all = (await user.Api.GetAsync($"{Path}?limit=200&sort={sort}"))["items"].EnumerateArray().Select(k => k.GetProperty("name").GetString()!);
        Assert.Equal(all, pages);
        Assert.Equal(7, pages.Distinct(StringComparer.Ordinal).Count());
        if (sort.EndsWith("name", StringComparison.Ordinal))
        {
            Assert.Equal(sort[0] == '-' ? pages.OrderDescending(StringComparer.Ordinal) : pages.Order(StringComparer.Ordinal), pages);
        }

        if (sort.EndsWith("last_used_at", StringComparison.Ordinal))
        {
            // Three of the seven were used; those that never were come last in either direction.
            Assert.Equal(["k1", "k3", "k5"], pages.Take(3).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task List_KeysMadeInBetween_NeitherRepeatNorSkip()
    {
        var user = await AddUserWithKeysAsync(5);
        var first = await user.Api.GetAsync($"{Path}?limit=3&sort=name");

        (await user.Api.PostAsync(Path, new { name = "a-before-all" })).MustBe(201);
        var second = await user.Api.GetAsync($"{Path}?limit=3&sort=name&cursor={first.Text("next_cursor")}");

        Assert.Equal(["k3", "k4"], second["items"].EnumerateArray().Select(k => k.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task List_CursorOfAnotherListSortOrFilter_IsInvalid()
    {
        var user = await AddUserWithKeysAsync(3);
        var other = await AddUserWithKeysAsync(3);
        var cursor = (await user.Api.GetAsync($"{Path}?limit=1&sort=name&q=k")).Text("next_cursor");
        (await user.Api.GetAsync($"{Path}?limit=1&sort=name&q=k&cursor={cursor}")).MustBe(200);

        foreach (var query in new[]
        {
            $"sort=-name&q=k&cursor={cursor}",
            $"sort=name&cursor={cursor}",
            $"sort=name&q=k&status=active&cursor={cursor}",
            $"sort=name&q=k&cursor={cursor[..^2]}AA",
            "sort=name&q=k&cursor=nonsense",
            "sort=name&q=k&cursor=%27%20OR%201=1--",
            "sort=name&q=k&cursor=",
        })
        {
            (await user.Api.GetAsync($"{Path}?limit=1&{query}")).MustBe(400, "invalid_cursor");
        }

        (await other.Api.GetAsync($"{Path}?limit=1&sort=name&q=k&cursor={cursor}")).MustBe(400, "invalid_cursor");
    }

    [Fact]
    public async Task List_BadParameters_AreNamed()
    {
        var user = await AddUserWithKeysAsync(1);

        Assert.NotEmpty((await user.Api.GetAsync($"{Path}?limit=0")).Faults("limit"));
        Assert.NotEmpty((await user.Api.GetAsync($"{Path}?limit=201")).Faults("limit"));
        Assert.NotEmpty((await user.Api.GetAsync($"{Path}?sort=digest")).Faults("sort"));
        Assert.NotEmpty((await user.Api.GetAsync($"{Path}?status=nonsense")).Faults("status"));
        (await user.Api.GetAsync($"{Path}?user_id=nonsense")).MustBe(400);
    }

    [Theory]
    [InlineData("100%", 1)]
    [InlineData("A_B", 1)]
    [InlineData("a_b", 1)]
    [InlineData(@"back\slash", 1)]
    [InlineData("'; DROP TABLE api_keys; --", 0)]
    [InlineData("SURE", 2)]
    public async Task List_Search_TakesEveryCharacterAsItIs(string q, int expected)
    {
        var user = await gateway.AddSignedInUserAsync();
        foreach (var name in new[] { "100% sure", "1000 sure", "a_b", "aXb", @"back\slash" })
        {
            (await user.Api.PostAsync(Path, new { name })).MustBe(201);
        }

        var answer = await user.Api.GetAsync($"{Path}?include_total=true&q={Uri.EscapeDataString(q)}");

        answer.MustBe(200);
        Assert.Equal(expected, answer["items"].GetArrayLength());
        Assert.Equal(expected, answer["total"].GetInt32());
    }

    [Fact]
    public async Task List_Filters_SelectByStateAndTime()
    {
        var user = await AddUserWithKeysAsync(4);
        var now = gateway.Clock.GetUtcNow();
        var short1 = await user.Api.PostAsync(Path, new { name = "short", expires_at = now.AddMinutes(1) });
        short1.MustBe(201);
        var disabled = (await user.Api.GetAsync($"{Path}?q=k0"))["items"][0].GetProperty("id").GetGuid();
        (await user.Api.PostAsync($"{Path}/{disabled}/disable")).MustBe(200);

        Assert.Equal(["short"], await NamesAsync(user, $"expires_before={Uri.EscapeDataString(now.AddDays(1).ToString("o"))}"));
        gateway.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(["short"], await NamesAsync(user, "status=expired"));
        Assert.Equal(["k0"], await NamesAsync(user, "status=disabled"));
        Assert.Equal(["k1", "k2", "k3"], await NamesAsync(user, "status=active"));
        Assert.Equal(["k0", "k2", "short"], await NamesAsync(user, $"unused_since={Uri.EscapeDataString(now.AddDays(-2).ToString("o"))}"));
    }

    private static async Task<string[]> NamesAsync(SignedInUser user, string query)
    {
        var answer = await user.Api.GetAsync($"{Path}?sort=name&{query}");
        answer.MustBe(200);
        return [.. answer["items"].EnumerateArray().Select(k => k.GetProperty("name").GetString()!)];
    }

    /// <summary>Keys k0, k1 …; every second one was used some time in the last day.</summary>
    private async Task<SignedInUser> AddUserWithKeysAsync(int count)
    {
        var user = await gateway.AddSignedInUserAsync();
        for (var i = 0; i < count; i++)
        {
            (await user.Api.PostAsync(Path, new { name = $"k{i}" })).MustBe(201);
        }

        await gateway.ChangeAsync(db =>
        {
            foreach (var key in db.ApiKeys.Where(k => k.UserId == user.User.Id).AsEnumerable().Where(k => (k.Name[1] - '0') % 2 == 1))
            {
                key.LastUsedAt = gateway.Clock.GetUtcNow().AddHours('0' - key.Name[1]);
            }

            return Task.CompletedTask;
        });
        return user;
    }
}

[Collection(IdentityOverSqlite.Name)]
public sealed class ApiKeyListOverSqlite(IdentityOverSqlite gateway) : ApiKeyListTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class ApiKeyListOverPostgres(IdentityOverPostgres gateway) : ApiKeyListTests(gateway);
