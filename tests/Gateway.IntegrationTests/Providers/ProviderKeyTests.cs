using System.Text.Json;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.IntegrationTests.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Providers;

public abstract class ProviderKeyTests(UpstreamGateway gateway)
{
    [Fact]
    public async Task Keys_AddChangeReplaceDelete_ActAtOnceAndShowNoSecret()
    {
        var (admin, path) = await NewProviderAsync();

        var added = await admin.PostAsync(path, new { label = "second", key = "sk-second-key-abcd", weight = 2.5, max_qps = 7 });
        added.MustBe(201);
        Assert.Equal("…abcd", added["key"].GetProperty("hint").GetString());
        Assert.Equal(["sk-upstream-key-0001", "sk-second-key-abcd"], Secrets(path));

        var one = $"{path}/{added.Text("id")}";
        (await admin.PatchAsync(one, new Dictionary<string, object?> { ["weight"] = 0, ["max_qps"] = null, ["key"] = "sk-third-key-wxyz" })).MustBe(200);
        Assert.Equal(["sk-upstream-key-0001", "sk-third-key-wxyz"], Secrets(path));

        (await admin.PatchAsync(one, new { status = "disabled" })).MustBe(200);
        Assert.Equal(["sk-upstream-key-0001"], Secrets(path));

        var listed = await admin.GetAsync(path);
        Assert.Equal(["main", "second"], listed.Items().Select(k => k.GetProperty("label").GetString()));
        Assert.Equal(("disabled", JsonValueKind.Null, "…wxyz"), (listed.Items()[1].GetProperty("status").GetString(), listed.Items()[1].GetProperty("max_qps").ValueKind, listed.Items()[1].GetProperty("key").GetProperty("hint").GetString()));
        Assert.DoesNotContain("sk-", listed.Body, StringComparison.Ordinal);

        (await admin.DeleteAsync(one)).MustBe(204);
        (await admin.DeleteAsync(one)).MustBe(404);
    }

    [Fact]
    public async Task Keys_SameLabelOrSameSecret_NameTaken()
    {
        var (admin, path) = await NewProviderAsync();

        (await admin.PostAsync(path, new { label = "main", key = "sk-another-key-1234" })).MustBe(409, "name_taken");
        (await admin.PostAsync(path, new { label = "other", key = "sk-upstream-key-0001" })).MustBe(409, "name_taken");
    }

    [Theory]
    [InlineData("{\"label\":\"x\"}", "key")]
    [InlineData("{\"key\":\"k\"}", "label")]
    [InlineData("{\"label\":\"x\",\"key\":\"k\",\"weight\":0.25}", "weight")]
    [InlineData("{\"label\":\"x\",\"key\":\"k\",\"weight\":101}", "weight")]
    [InlineData("{\"label\":\"x\",\"key\":\"k\",\"max_qps\":0}", "max_qps")]
    [InlineData("{\"label\":\"x\",\"key\":\"a\\r\\nb\"}", "key")]
    public async Task Keys_BadInput_FieldIsNamed(string body, string field)
    {
        var (admin, path) = await NewProviderAsync();

        var answer = await admin.PostAsync(path, JsonDocument.Parse(body).RootElement);

        answer.MustBe(400, "validation_failed");
        Assert.NotEmpty(answer.Faults(field));
    }

    [Fact]
    public async Task Keys_OfAnotherProvider_NotFound()
    {
        var (admin, path) = await NewProviderAsync();
        var (_, other) = await NewProviderAsync();
        var id = (await admin.GetAsync(other)).Items()[0].GetProperty("id").GetString();

        (await admin.PatchAsync($"{path}/{id}", new { weight = 1 })).MustBe(404, "not_found");
    }

    [Fact]
    public async Task Keys_InTheDatabase_AreCiphertext()
    {
        var (_, path) = await NewProviderAsync();
        var id = ProviderId(path);

        var key = await gateway.InDatabaseAsync(db => db.ProviderKeys.AsNoTracking().SingleAsync(k => k.ProviderId == id));

        Assert.DoesNotContain("sk-upstream", key.Secret.Ciphertext, StringComparison.Ordinal);
        Assert.Equal("[protected]", key.Secret.ToString());
    }

    private async Task<(Api Admin, string Path)> NewProviderAsync()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("keyed");
        await gateway.AddProviderAsync(admin, id);
        return (admin, $"/api/v1/providers/{id}/keys");
    }

    private static string ProviderId(string path) => path.Split('/')[^2];

    private List<string> Secrets(string path) =>
        [.. gateway.Services.GetRequiredService<RouteTables>().Current.Providers[ProviderId(path)].Keys.Select(k => k.Secret)];
}

[Collection(UpstreamOverSqlite.Name)]
public sealed class ProviderKeysOverSqlite(UpstreamOverSqlite gateway) : ProviderKeyTests(gateway);

[Collection(UpstreamOverPostgres.Name)]
public sealed class ProviderKeysOverPostgres(UpstreamOverPostgres gateway) : ProviderKeyTests(gateway);
