using AIHigress.Gateway.IntegrationTests.Startup;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Administration;

public sealed class ConfigurationStartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_FaultyFile_EveryFaultWithFileLineAndRule()
    {
        var file = Write("providers:\n  - id: a1\n    base_url: https://h.test\n    weight: 1001\nsettings:\n  max_attempts: 0\n");

        await Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.File("data"), ("CONFIG_FILE", file)), [],
            "CONFIG_FILE", $"{file}:4: providers[0].weight: must be between 0 and 1000", $"{file}:6: settings.max_attempts:", "1…20");
    }

    [Fact]
    public async Task Start_SecretIsMissing_VariableIsNamed()
    {
        var file = Write("providers:\n  - id: a1\n    base_url: https://h.test\n    keys:\n      - key: env:NO_SUCH_VARIABLE_HERE\n");

        await Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.File("data")), ["--config", file],
            "CONFIG_FILE", "providers[0].keys[0].key", "NO_SUCH_VARIABLE_HERE");
    }

    [Fact]
    public async Task Start_FileIsNotThere_Named() =>
        await Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.File("data"), ("CONFIG_FILE", _folder.File("none.yaml"))), [], "CONFIG_FILE", "none.yaml", "can't be read");

    [Fact]
    public async Task Start_SettingsInTheFile_ActBelowTheEnvironment()
    {
        var file = Write("settings:\n  data_dir: " + _folder.File("from-file") + "\n  database_url: env:THE_DATABASE\n  log_format: text\n");
        var environment = new Dictionary<string, string> { ["CONFIG_FILE"] = file, ["PORT"] = "0", ["THE_DATABASE"] = $"sqlite:///{_folder.File("elsewhere.db")}" };

        Directory.CreateDirectory(_folder.File("from-environment"));
        await using (var server = await GatewayProcess.StartAsync(_folder.File("from-environment"), environment))
        {
            Assert.True(File.Exists(_folder.File("elsewhere.db")));
            Assert.True(File.Exists(Path.Combine(_folder.File("from-environment"), "secret.key")));
            Assert.False(Directory.Exists(_folder.File("from-file")));
            server.Terminate();
            Assert.Equal(0, await server.WaitForExitAsync());
        }
    }

    [Fact]
    public async Task Validate_GoodAndFaultyFile_AnswersOnTheCommandLine()
    {
        var good = await GatewayProcess.RunAsync(_folder.Path, null, "config", "validate", Repository.File("deploy/gateway.example.yaml"));
        var file = Write("providers:\n  - id: Bad\n");
        var bad = await GatewayProcess.RunAsync(_folder.Path, null, "config", "validate", file);

        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.Equal(1, bad.ExitCode);
        Assert.Equal(
            [$"{file}:2: providers[0].base_url: is required", $"{file}:2: providers[0].id: must be 2 to 50 characters of a-z, 0-9 and '-', starting with a letter or digit"],
            bad.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    private string Write(string yaml)
    {
        var file = _folder.File("gateway.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
