using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Sessions;

/// <summary>The management API of sessions: who may see what, and end it.</summary>
[Collection(SessionGateway.Name)]
public sealed class SessionApiTests(SessionGateway gateway)
{
    [Fact]
    public async Task List_Filters_KeepWhatMatches()
    {
        var user = await gateway.AddSessionUserAsync();
        await user.AskAsync("listed", "alpha-1");
        gateway.Clock.Advance(TimeSpan.FromMilliseconds(3));
        await user.AskAsync("listed", "alpha-2", ("X-Route-Exclude", "one"));
        gateway.Clock.Advance(TimeSpan.FromMilliseconds(3));
        await user.AskAsync("other", "beta");
        await user.AskAsync("other", "beta");

        Assert.Equal(["beta", "alpha-2", "alpha-1"], Ids(await user.SessionsAsync()));
        Assert.Equal(["alpha-2", "alpha-1"], Ids(await user.SessionsAsync("?q=ALPHA")));
        Assert.Equal(["beta"], Ids(await user.SessionsAsync("?model=other")));
        Assert.Equal(["alpha-2"], Ids(await user.SessionsAsync("?provider=two")));
        var beta = (await user.SessionsAsync("?q=beta"))[0];
        Assert.Equal(2, beta.GetProperty("requests").GetInt64());
        Assert.Equal(("one", "other"), (beta.GetProperty("provider").GetString(), beta.GetProperty("upstream_model").GetString()));
        Assert.Equal(user.Id, beta.GetProperty("user_id").GetGuid());
        var one = await user.Api.GetAsync($"{SessionUser.Path}/{beta.GetProperty("id").GetString()}");
        one.MustBe(200);
        Assert.Equal("beta", one.Text("session_id"));
    }

    [Fact]
    public async Task List_Pages_AreStableAndBoundToTheirFilters()
    {
        var user = await gateway.AddSessionUserAsync();
        for (var i = 0; i < 5; i++)
        {
            await user.AskAsync("listed", $"page-{i}");
            gateway.Clock.Advance(TimeSpan.FromMilliseconds(3));
        }

        var first = await user.Api.GetAsync($"{SessionUser.Path}?limit=2&include_total=true");
        await user.AskAsync("listed", "page-new");
        var second = await user.Api.GetAsync($"{SessionUser.Path}?limit=2&cursor={first.Text("next_cursor")}");
        var third = await user.Api.GetAsync($"{SessionUser.Path}?limit=2&cursor={second.Text("next_cursor")}");

        Assert.Equal(5, first["total"].GetInt32());
        Assert.Equal(
            ["page-4", "page-3", "page-2", "page-1", "page-0"],
            Ids([.. first["items"].EnumerateArray(), .. second["items"].EnumerateArray(), .. third["items"].EnumerateArray()]));
        Assert.False(third.Json.TryGetProperty("next_cursor", out var end) && end.ValueKind != System.Text.Json.JsonValueKind.Null);
        (await user.Api.GetAsync($"{SessionUser.Path}?limit=2&q=x&cursor={first.Text("next_cursor")}")).MustBe(400, "invalid_cursor");
        (await user.Api.GetAsync($"{SessionUser.Path}?cursor=nonsense")).MustBe(400, "invalid_cursor");
        (await user.Api.GetAsync($"{SessionUser.Path}?sort=model")).MustBe(400, "validation_failed");
        (await user.Api.GetAsync($"{SessionUser.Path}?limit=0")).MustBe(400, "validation_failed");
    }

    [Fact]
    public async Task Others_PlainUser_SeesAndEndsNothing()
    {
        var owner = await gateway.AddSessionUserAsync();
        var stranger = await gateway.AddSessionUserAsync();
        await owner.AskAsync("deleted", "private");
        await owner.ExchangesAsync("private", 1);
        var one = $"{SessionUser.Path}/{(await owner.SessionsAsync())[0].GetProperty("id").GetString()}";

        Assert.Empty(await stranger.SessionsAsync());
        (await stranger.Api.GetAsync($"{SessionUser.Path}?user={owner.Id}")).MustBe(403, "forbidden");
        (await stranger.Api.GetAsync(one)).MustBe(404, "not_found");
        (await stranger.Api.DeleteAsync(one)).MustBe(404, "not_found");
        (await stranger.Api.GetAsync($"{one}/context")).MustBe(404, "not_found");
        (await stranger.Api.PostAsync($"{SessionUser.Path}/purge", new { model = "deleted" })).MustBe(403, "forbidden");
        (await owner.Api.GetAsync($"{SessionUser.Path}/nonsense")).MustBe(404, "not_found");
        await owner.ExchangesAsync("private", 1);
    }

    [Fact]
    public async Task Delete_OwnSession_UnbindsForgetsAndIsNoted()
    {
        var user = await gateway.AddSessionUserAsync();
        Assert.Equal("two/deleted", (await user.AskAsync("deleted", "d", ("X-Route-Exclude", "one"))).ServedBy);
        await user.ExchangesAsync("d", 1);
        var id = (await user.SessionsAsync())[0].GetProperty("id").GetString();

        (await user.Api.DeleteAsync($"{SessionUser.Path}/{id}")).MustBe(204);

        Assert.Empty(await user.SessionsAsync());
        Assert.Equal(404, (await user.ContextAsync("d")).Status);
        Assert.Equal("one/deleted", (await user.AskAsync("deleted", "d", ("X-Session-Context", "off"))).ServedBy);
        Assert.Empty(await user.ExchangesAsync("d", 0));
        Assert.True(await NotedAsync("routing_session.deleted", $"routing_session:{id}", user.Id));
    }

    [Fact]
    public async Task Context_ReadByAnAdministrator_IsNotedAndByTheOwnerNot()
    {
        var user = await gateway.AddSessionUserAsync();
        var admin = await gateway.SignInAsAdministratorAsync();
        await user.AskAsync("other", "watched");
        await user.ExchangesAsync("watched", 1);
        var id = (await user.SessionsAsync())[0].GetProperty("id").GetString();

        var own = await user.Api.GetAsync($"{SessionUser.Path}/{id}/context");
        own.MustBe(200);
        Assert.Equal("Say something.", own["exchanges"][0].GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.False(await NotedAsync("routing_session.context_read", $"routing_session:{id}"));

        Assert.Contains("watched", Ids([.. (await admin.Api.GetAsync($"{SessionUser.Path}?user={user.Id}"))["items"].EnumerateArray()]));
        (await admin.Api.GetAsync($"{SessionUser.Path}/{id}/context")).MustBe(200);
        Assert.True(await NotedAsync("routing_session.context_read", $"routing_session:{id}"));
    }

    [Fact]
    public async Task Purge_ByModelAndUser_EndsJustThose()
    {
        var user = await gateway.AddSessionUserAsync();
        var other = await gateway.AddSessionUserAsync();
        var admin = await gateway.SignInAsAdministratorAsync();
        await user.AskAsync("purged", "a");
        await user.AskAsync("purged", "b", ("X-Route-Exclude", "one"));
        await user.AskAsync("other", "c");
        await other.AskAsync("purged", "d");

        (await admin.Api.PostAsync($"{SessionUser.Path}/purge", new { })).MustBe(400, "validation_failed");
        var byProvider = await admin.Api.PostAsync($"{SessionUser.Path}/purge", new { provider = "two", model = "purged" });
        Assert.Equal(1, byProvider["removed"].GetInt32());
        Assert.Equal(["a", "c"], Ids(await user.SessionsAsync()).Order());
        var byUser = await admin.Api.PostAsync($"{SessionUser.Path}/purge", new { user = user.Id });

        Assert.Equal(2, byUser["removed"].GetInt32());
        Assert.Empty(await user.SessionsAsync());
        Assert.Equal(["d"], Ids(await other.SessionsAsync()));
        Assert.True(await NotedAsync("routing_sessions.purged", "routing_sessions"));
    }

    private Task<bool> NotedAsync(string action, string target, Guid? actor = null) => gateway.InDatabaseAsync(
        db => db.AuditLog.AsNoTracking().AnyAsync(e => e.Action == action && e.Target == target && (actor == null || e.ActorId == actor)));

    private static IEnumerable<string?> Ids(IReadOnlyList<System.Text.Json.JsonElement> sessions) => sessions.Select(s => s.GetProperty("session_id").GetString());
}
