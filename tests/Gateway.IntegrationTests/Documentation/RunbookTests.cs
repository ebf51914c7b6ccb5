using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AIHigress.Gateway.Data.Secrets;
using AIHigress.TestKit;
using Microsoft.Data.Sqlite;

namespace AIHigress.Gateway.IntegrationTests.Documentation;

/// <summary>The runbook quotes what the server says; a text that nothing says any more helps nobody.</summary>
public sealed partial class RunbookTests
{
    private const int FewestQuotes = 10;

    [Fact]
    public void Quotes_OfLogLinesAndRefusals_AreSaidByTheServer()
    {
        var said = string.Join('\n', Directory.GetFiles(Repository.File("src/Gateway"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var quotes = QuotePattern().Matches(File.ReadAllText(Repository.File("docs/runbook.md")))
            .Select(m => m.Groups["text"].Value)
            .Where(quote => quote.Count(c => c == ' ') >= 4)
            .ToList();
        Assert.True(quotes.Count >= FewestQuotes, "the runbook quotes nothing");

        // "…" stands for what differs; of a refusal the setting's name comes from elsewhere.
        foreach (var part in quotes.SelectMany(q => SettingPrefix().Replace(q, "").Split('…', StringSplitOptions.TrimEntries)).Where(p => p.Length >= 12))
        {
            Assert.True(said.Contains(part, StringComparison.Ordinal), $"nothing says: {part}");
        }
    }

    [Fact]
    public async Task LostSecretKey_AfterTheStatementsOfTheRunbook_IsReplacedAndSignInWorks()
    {
        const string credentials = """{"email":"admin@example.com","password":"correct horse battery"}""";
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string>
        {
            ["SECRET_KEY"] = SecretKey.Generate(),
            ["DEFAULT_ADMIN_EMAIL"] = "admin@example.com",
            ["DEFAULT_ADMIN_PASSWORD"] = "correct horse battery",
        };
        await using (var before = await GatewayProcess.StartAsync(folder.Path, settings))
        {
            await SignInAsync(before.Address, credentials);
            before.Terminate();
            Assert.Equal(0, await before.WaitForExitAsync());
        }

        settings["SECRET_KEY"] = SecretKey.Generate();
        await Assert.ThrowsAsync<InvalidOperationException>(() => GatewayProcess.StartAsync(folder.Path, settings));

        var runbook = await File.ReadAllTextAsync(Repository.File("docs/runbook.md"), TestContext.Current.CancellationToken);
        await using (var database = new SqliteConnection($"Data Source={folder.File("aihigress.db")};Pooling=False"))
        {
            await database.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = database.CreateCommand();
            command.CommandText = SqlPattern().Match(runbook).Groups["sql"].Value;
            Assert.True(await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken) >= 3);
        }

        await using var after = await GatewayProcess.StartAsync(folder.Path, settings);
        await SignInAsync(after.Address, credentials);
    }

    private static async Task SignInAsync(string address, string credentials)
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/api/v1/auth/login")
        {
            Content = new StringContent(credentials, System.Text.Encoding.UTF8, "application/json"),
        };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.NotEmpty(answer.GetProperty("access_token").GetString()!);
    }

    [GeneratedRegex("```sql\n(?<sql>[^`]+)```", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SqlPattern();

    [GeneratedRegex("(?<!`)`(?<text>[^`\n]+)`(?!`)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotePattern();

    [GeneratedRegex("^[A-Z_]+: ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingPrefix();
}
