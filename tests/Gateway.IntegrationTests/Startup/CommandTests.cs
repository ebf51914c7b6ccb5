using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Secrets;
using AIHigress.Gateway.Hosting.Settings;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Startup;

public sealed class CommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_NamesEveryCommandAndEverySettingThatIsNoSecret()
    {
        var (exitCode, output, error) = await RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.Empty(error);
        Assert.All(["migrate", "setup-link", "secret", "config", "--urls"], name => Assert.Contains(name, output, StringComparison.Ordinal));
        Assert.All(
            SettingCatalogue.All.Where(d => !d.Setting.Secret),
            d => Assert.Contains("--" + d.Name.ToLowerInvariant().Replace('_', '-'), output, StringComparison.Ordinal));
        Assert.DoesNotContain("--secret-key", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsPrintedAlone()
    {
        var (exitCode, output, _) = await RunAsync("--version");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+$", output.Trim());
    }

    [Fact]
    public async Task SecretGenerate_TwoRuns_AreStrongAndDiffer()
    {
        var first = await RunAsync("secret", "generate");
        var second = await RunAsync("secret", "generate");

        Assert.True(SecretKey.IsStrong(first.Output.Trim()));
        Assert.NotEqual(first.Output, second.Output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task SetupLink_BesideARunningServer_EndsTheLinkBefore()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);
        using var client = new HttpClient();
        var printed = Token(gateway.Output);

        var (exitCode, output, error) = await RunAsync("setup-link", "--api-base-url", gateway.Address);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith($"{gateway.Address}/setup#token=", output, StringComparison.Ordinal);
        Assert.NotEqual(printed, Token(output));
        Assert.Equal(System.Net.HttpStatusCode.Created, await SetUpAsync(client, gateway.Address, Token(output)));
        var after = await RunAsync("setup-link");
        Assert.Equal(1, after.ExitCode);
        Assert.Contains("a user exists", after.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetupLink_BeforeTheFirstStart_SaysWhatToDo()
    {
        var (exitCode, _, error) = await RunAsync("setup-link");

        Assert.Equal(1, exitCode);
        Assert.Contains("start the server", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_EmptyThenCurrentDatabase_AppliesThenHasNothingToDo()
    {
        var first = await RunAsync("migrate");
        var second = await RunAsync("migrate");

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("Applied", first.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing to do", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_WhileAServerUsesTheFolder_IsRefused()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path);

        await Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.Path), ["migrate"], "DATA_DIR");
    }

    [Fact]
    public async Task ConfigValidate_GoodAndBadFile_SaysSoWithThePlaceOfTheFault()
    {
        await File.WriteAllTextAsync(_folder.File("good.yaml"), "providers:\n  - id: one\n    kind: openai\n    base_url: https://api.example.com\n    models: [a]\n");
        await File.WriteAllTextAsync(_folder.File("bad.yaml"), "providers:\n  - id: one\n    colour: red\n");

        var good = await RunAsync("config", "validate", _folder.File("good.yaml"));
        var bad = await RunAsync("config", "validate", _folder.File("bad.yaml"));

        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("bad.yaml:3:", bad.Error, StringComparison.Ordinal);
        Assert.Contains("colour", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigExport_OfADeclaredState_IsAcceptedByValidate()
    {
        await File.WriteAllTextAsync(_folder.File("gateway.yaml"), "providers:\n  - id: one\n    kind: openai\n    base_url: https://api.example.com\n    models: [a]\n");
        await using (var gateway = await GatewayProcess.StartAsync(_folder.Path, null, "--config", _folder.File("gateway.yaml")))
        {
            gateway.Terminate();
            await gateway.WaitForExitAsync();
        }

        var (exitCode, output, error) = await RunAsync("config", "export");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("id: one", output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder.File("again.yaml"), output);
        Assert.Equal(0, (await RunAsync("config", "validate", _folder.File("again.yaml"))).ExitCode);
    }

    private static string Token(string text) => text.Split("#token=")[1].Split('\n')[0].Trim();

    private static async Task<System.Net.HttpStatusCode> SetUpAsync(HttpClient client, string address, string token)
    {
        var body = new { token, email = "first@example.com", password = "correct horse battery" };
        using var response = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(client, $"{address}/api/v1/setup", body);
        return response.StatusCode;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        GatewayProcess.RunAsync(_folder.Path, new Dictionary<string, string> { ["DATA_DIR"] = _folder.Path }, arguments);
}
