using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Providers;

namespace AIHigress.Gateway.IntegrationTests.Usage;

public abstract class RequestLogTests(UpstreamGateway gateway)
{
    private const string Path = "/api/v1/request-logs";
    private static readonly DateTimeOffset T0 = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task List_OwnRequests_NewestFirstOverPagesAndNobodyElses()
    {
        var (user, other) = (await gateway.AddSignedInUserAsync(), await gateway.AddSignedInUserAsync());
        var mine = await AddAsync(Enumerable.Range(0, 5).Select(i => Row(user, T0.AddSeconds(i / 2))));
        await AddAsync([Row(other, T0)]);

        var seen = new List<Guid>();
        var cursor = "";
        do
        {
            var page = await user.Api.GetAsync($"{Path}?limit=2{cursor}");
            page.MustBe(200);
            seen.AddRange(page.Items().Select(r => r.GetProperty("request_id").GetGuid()));
            cursor = page["next_cursor"].GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(mine.OrderByDescending(r => r.StartedAt).ThenByDescending(r => r.RequestId.ToString(), StringComparer.Ordinal).Select(r => r.RequestId), seen);
    }

    [Fact]
    public async Task List_Scope_AllNeedsThePermission()
    {
        var user = await gateway.AddSignedInUserAsync();
        await AddAsync([Row(user, T0)]);
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;

        (await user.Api.GetAsync($"{Path}?scope=all")).MustBe(403, "forbidden");
        (await user.Api.GetAsync($"{Path}?user_id={Guid.NewGuid()}")).MustBe(403, "forbidden");
        (await user.Api.GetAsync($"{Path}?scope=everything")).MustBe(400, "validation_failed");
        Assert.DoesNotContain((await admin.GetAsync(Path)).Items(), row => row.GetProperty("username").GetString() == user.User.Username);
        var found = await admin.GetAsync($"{Path}?scope=all&user_id={user.User.Id}");
        Assert.Equal(user.User.Username, Assert.Single(found.Items()).GetProperty("username").GetString());
    }

    [Theory]
    [InlineData("model=fast", "a b")]
    [InlineData("model=gpt-x", "c")]
    [InlineData("model=fast&model=gpt-x", "a b c")]
    [InlineData("upstream_model=up-1", "a")]
    [InlineData("provider_id=prov-1", "a c")]
    [InlineData("app=curl", "b")]
    [InlineData("stream=true", "a")]
    [InlineData("status=200", "a b")]
    [InlineData("status=429&status=200", "a b c")]
    [InlineData("status_class=4xx", "c")]
    [InlineData("error_code=rate_limit_exceeded", "c")]
    [InlineData("ok=false", "c")]
    [InlineData("session_id=s1", "b")]
    [InlineData("min_ms=200", "b c")]
    [InlineData("max_ms=200", "a b")]
    [InlineData("min_ms=200&max_ms=200", "b")]
    [InlineData("from=2026-03-01T12:00:10Z", "b c")]
    [InlineData("to=2026-03-01T12:00:10Z", "a")]
    [InlineData("from=2026-03-01T13:00:10%2B01:00&to=2026-03-01T12:00:20Z", "b")]
    [InlineData("q=LIMIT", "c")]
    [InlineData("q=%25", "")]
    public async Task List_Filter_KeepsWhatMatches(string filter, string expected)
    {
        var user = await gateway.AddSignedInUserAsync();
        var a = Row(user, T0, r => (r.LogicalModel, r.UpstreamModel, r.ProviderId, r.Stream, r.DurationMs) = ("fast", "up-1", "prov-1", true, 100));
        var b = Row(user, T0.AddSeconds(10), r => (r.LogicalModel, r.App, r.SessionId, r.DurationMs) = ("fast", "curl", "s1", 200));
        var c = Row(user, T0.AddSeconds(20), r => (r.RequestedModel, r.ProviderId, r.Status, r.Ok, r.ErrorCode, r.DurationMs) = ("gpt-x", "prov-1", 429, false, "rate_limit_exceeded", 300));
        await AddAsync([a, b, c]);
        var names = new Dictionary<Guid, string> { [a.RequestId] = "a", [b.RequestId] = "b", [c.RequestId] = "c" };

        var answer = await user.Api.GetAsync($"{Path}?{filter}");

        answer.MustBe(200);
        Assert.Equal(expected, string.Join(' ', answer.Items().Select(r => names[r.GetProperty("request_id").GetGuid()]).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(36)]
    public async Task List_BeginningOfTheRequestId_FindsIt(int length)
    {
        var user = await gateway.AddSignedInUserAsync();
        var rows = await AddAsync(new[] { "0a", "7f", "c3", "ff" }.Select(start =>
            Row(user, T0, r => r.RequestId = new Guid(start + Guid.NewGuid().ToString()[2..]))));

        foreach (var row in rows)
        {
            var prefix = row.RequestId.ToString()[..length];
            Assert.Equal(row.RequestId, Assert.Single((await user.Api.GetAsync($"{Path}?request_id={prefix}")).Items()).GetProperty("request_id").GetGuid());
            Assert.Single((await user.Api.GetAsync($"{Path}?request_id={prefix.ToUpperInvariant()}")).Items());
        }

        (await user.Api.GetAsync($"{Path}?request_id=xyz")).MustBe(400, "validation_failed");
    }

    [Fact]
    public async Task List_CursorOfOtherFilters_Refused()
    {
        var user = await gateway.AddSignedInUserAsync();
        await AddAsync([Row(user, T0), Row(user, T0.AddSeconds(1))]);
        var cursor = (await user.Api.GetAsync($"{Path}?limit=1"))["next_cursor"].GetString();

        Assert.NotNull(cursor);
        (await user.Api.GetAsync($"{Path}?limit=1&cursor={cursor}")).MustBe(200);
        (await user.Api.GetAsync($"{Path}?limit=1&stream=true&cursor={cursor}")).MustBe(400, "invalid_cursor");
    }

    [Fact]
    public async Task Get_OneRequest_AttemptsAndPlanOfTheRecord()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var provider = UpstreamGateway.NewName("logged");
        await gateway.AddProviderAsync(admin, provider);
        var keyId = (await admin.GetAsync($"/api/v1/providers/{provider}/keys")).Items()[0].GetProperty("id").GetString();
        var user = await gateway.AddSignedInUserAsync();
        var detail = $$"""
            {"attempts":[{"provider":"{{provider}}","model":"m1","key_id":"{{keyId}}","status":503,"category":"upstream_error","start_ms":1,"duration_ms":20,"error":"overloaded"},
            {"provider":"other","model":"m2","status":200,"category":"ok","start_ms":22,"ttft_ms":5,"duration_ms":30}],"plan":"balanced;a=1","trace_id":"t1"}
            """;
        var row = Row(user, T0, r => (r.Detail, r.Attempts, r.InputTokens, r.TtftMs) = (detail, 2, 12, 27));
        await AddAsync([row, Row(user, T0, r => r.Detail = null)]);

        var own = await user.Api.GetAsync($"{Path}/{row.RequestId}");
        var seen = await admin.GetAsync($"{Path}/{row.RequestId}");

        own.MustBe(200);
        Assert.Equal((2, 12, 27, "balanced;a=1", "t1"), (own["attempt_count"].GetInt32(), own["tokens"].GetProperty("input").GetInt32(), own["ttft_ms"].GetInt32(), own["plan"].GetProperty("text").GetString(), own.Text("trace_id")));
        Assert.Equal(["upstream_error", "ok"], own["attempts"].EnumerateArray().Select(a => a.GetProperty("category").GetString()));
        Assert.Equal("overloaded", own["attempts"][0].GetProperty("error").GetString());
        Assert.Null(own["attempts"][0].GetProperty("key_label").GetString());
        Assert.Equal(("main", "…0001"), (seen["attempts"][0].GetProperty("key_label").GetString(), seen["attempts"][0].GetProperty("key_hint").GetString()));
    }

    [Fact]
    public async Task Get_AnotherUsersOrUnknown_NotFound()
    {
        var (user, other) = (await gateway.AddSignedInUserAsync(), await gateway.AddSignedInUserAsync());
        var row = Assert.Single(await AddAsync([Row(user, T0)]));

        (await other.Api.GetAsync($"{Path}/{row.RequestId}")).MustBe(404, "not_found");
        (await user.Api.GetAsync($"{Path}/{Guid.NewGuid()}")).MustBe(404, "not_found");
        (await user.Api.GetAsync($"{Path}/{row.RequestId}")).MustBe(200);
    }

    private async Task<IReadOnlyList<RequestLog>> AddAsync(IEnumerable<RequestLog> rows)
    {
        var list = rows.ToList();
        await gateway.InDatabaseAsync(async db =>
        {
            db.RequestLogs.AddRange(list);
            return await db.SaveChangesAsync();
        });
        return list;
    }

    private static RequestLog Row(SignedInUser user, DateTimeOffset at, Action<RequestLog>? change = null)
    {
        var row = new RequestLog
        {
            StartedAt = at,
            RequestId = Guid.CreateVersion7(),
            Kind = "client",
            UserId = user.User.Id,
            Endpoint = "/v1/chat/completions",
            Protocol = "openai_chat",
            Status = 200,
            Ok = true,
            Attempts = 1,
        };
        change?.Invoke(row);
        return row;
    }
}

[Collection(UpstreamOverSqlite.Name)]
public sealed class RequestLogsOverSqlite(UpstreamOverSqlite gateway) : RequestLogTests(gateway);

[Collection(UpstreamOverPostgres.Name)]
public sealed class RequestLogsOverPostgres(UpstreamOverPostgres gateway) : RequestLogTests(gateway);
