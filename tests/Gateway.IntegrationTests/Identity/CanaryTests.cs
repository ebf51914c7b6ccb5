using System.Text;
using AIHigress.Gateway.Features.Identity.Sessions;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Identity;

/// <summary>Secrets are planted, everything is done with them, and then every place is searched that could have kept one.</summary>
public abstract class CanaryTests(IdentityGateway gateway)
{
    [Fact]
    public async Task Secrets_AfterEveryUse_AreInNoTableAndNoAnswer()
    {
        var user = await gateway.AddSignedInUserAsync();
        const string wrong = "canary-wrong-passphrase";
        const string next = "canary-second-passphrase";
        var answers = new List<Answer>();
        var key = await user.Api.PostAsync("/api/v1/api-keys", new { name = "canary", scopes = new[] { "management" }, permissions = new[] { "keys.own" } });
        var api = gateway.NewApi();
        var refreshed = await api.PostAsync("/api/v1/auth/refresh", new { refresh_token = user.RefreshToken });

        answers.Add(await api.PostAsync("/api/v1/auth/login", new { email = user.User.Email, password = wrong }));
        answers.Add(await api.PostAsync("/api/v1/auth/login", new { email = user.User.Email, password = wrong, nonsense = 1 }));
        answers.Add(await api.PostAsync("/api/v1/auth/refresh", new { refresh_token = user.RefreshToken + "x" }));
        answers.Add(await user.Api.GetAsync("/api/v1/me"));
        answers.Add(await user.Api.GetAsync("/api/v1/auth/sessions"));
        answers.Add(await user.Api.GetAsync("/api/v1/api-keys"));
        answers.Add(await user.Api.PatchAsync($"/api/v1/api-keys/{key["id"].GetGuid()}", new { name = "canary 2" }));
        answers.Add(await user.Api.PostAsync("/api/v1/me/password", new { current_password = wrong, new_password = next }));
        answers.Add(await api.With(key.Text("token")).GetAsync("/api/v1/me"));
        answers.Add(await api.With(key.Text("token") + "x").GetAsync("/api/v1/me"));
        var changed = await user.Api.PostAsync("/api/v1/me/password", new { current_password = user.User.Password, new_password = next });
        changed.MustBe(200);
        await gateway.Services.GetRequiredService<FailedSignIns>().FlushAsync(CancellationToken.None);

        string[] canaries =
        [
            user.User.Password, wrong, next, IdentityGateway.AdminPassword, key.Text("token"), user.RefreshToken, refreshed.Text("refresh_token"),
            user.AccessToken, changed.Text("access_token"), user.RefreshToken.Split('.')[2],
        ];
        var stored = await DumpAsync();
        foreach (var canary in canaries)
        {
            Assert.False(stored.Contains(canary, StringComparison.Ordinal), $"the database holds {canary}");
            Assert.All(answers, a => Assert.DoesNotContain(canary, a.Body, StringComparison.Ordinal));
        }

        // The search must be able to find: these are stored as they are.
        Assert.Contains(user.User.Email, stored, StringComparison.Ordinal);
        Assert.Contains(key.Text("prefix"), stored, StringComparison.Ordinal);
    }

    /// <summary>All that the database keeps: the files of SQLite, every row of every table of PostgreSQL.</summary>
    private async Task<string> DumpAsync()
    {
        if (gateway.Database == TestDatabase.Sqlite)
        {
            var files = Directory.GetFiles(gateway.DataDir, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal));
            var text = new StringBuilder();
            foreach (var file in files)
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var reader = new StreamReader(stream, Encoding.Latin1);
                text.Append(await reader.ReadToEndAsync());
            }

            return text.ToString();
        }

        return await gateway.InDatabaseAsync(async db =>
        {
            var text = new StringBuilder();
            var tables = db.Model.GetEntityTypes().Select(t => t.GetTableName()).Where(t => t is not null).Distinct(StringComparer.Ordinal).ToList();
            foreach (var table in tables)
            {
#pragma warning disable EF1002 // The names are the model's own.
                text.AppendJoin('\n', await db.Database.SqlQueryRaw<string>($"SELECT row_to_json(t)::text AS \"Value\" FROM \"{table}\" t").ToListAsync());
#pragma warning restore EF1002
            }

            return text.ToString();
        });
    }
}

[Collection(IdentityOverSqlite.Name)]
public sealed class CanariesOverSqlite(IdentityOverSqlite gateway) : CanaryTests(gateway);

[Collection(IdentityOverPostgres.Name)]
public sealed class CanariesOverPostgres(IdentityOverPostgres gateway) : CanaryTests(gateway);
