using System.Globalization;
using AIHigress.Gateway.Hosting;
using AIHigress.Gateway.Hosting.Settings;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Deployment;

/// <summary>The compose files without an engine: language, and agreement with the server and with .env.example.</summary>
public sealed class ComposeFileTests
{
    private const string Gateway = "gateway";
    private static readonly TimeSpan LinterLimit = TimeSpan.FromMinutes(3);
    private static readonly string[] SecretWords = ["SECRET", "PASSWORD", "TOKEN"];

    public static TheoryData<string> Files => [.. ComposeFile.Names];

    public static TheoryData<string> FilesWithServer => [.. ComposeFile.Names.Where(n => new ComposeFile(n).Services.Contains(Gateway))];

    [Fact]
    public void ComposeFiles_AreTheThreeThatTheDocumentsName() =>
        Assert.Equal(["docker-compose-deploy.yml", "docker-compose.develop.yml", "docker-compose.yml"], ComposeFile.Names);

    [Fact]
    public async Task ComposeFiles_Linted_FollowTheSchema()
    {
        var run = await ScriptRun.RunAsync(LinterLimit, "eng/check-deploy.sh");
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Theory]
    [InlineData("read_only: true", "read_onlyy: true")]
    [InlineData("retries: 12", "retries: [12]")]
    [InlineData("image: redis:7-bookworm", "image: redis")]
    public async Task ComposeFile_WithAFault_IsRefused(string good, string bad)
    {
        using var folder = new TempFolder();
        var text = await File.ReadAllTextAsync(Repository.File("deploy/docker-compose.yml"), TestContext.Current.CancellationToken);
        Assert.Contains(good, text, StringComparison.Ordinal);
        var file = folder.File("docker-compose.yml");
        await File.WriteAllTextAsync(file, text.Replace(good, bad, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var run = await ScriptRun.RunAsync(LinterLimit, "eng/check-deploy.sh", file);
        Assert.True(run.ExitCode == 1, run.ToString());
    }

    [Theory]
    [MemberData(nameof(FilesWithServer))]
    public void ServerEnvironment_EachName_IsASetting(string name)
    {
        foreach (var variable in new ComposeFile(name).Environment(Gateway).Keys)
        {
            var warning = UnknownSettings.Warn([variable], onlyOurs: false).SingleOrDefault();
            Assert.True(warning is null, $"{name} gives the server {variable}, and the server says: {warning}");
        }
    }

    [Theory]
    [MemberData(nameof(FilesWithServer))]
    public void ServerEnvironment_FixedValues_KeepTheirRules(string name) =>
        FlatSettings.Map(new ComposeFile(name).Environment(Gateway)
            .Where(p => !p.Value.Contains("${", StringComparison.Ordinal))
            .Select(p => new KeyValuePair<string, string?>(p.Key, p.Value)));

    [Theory]
    [MemberData(nameof(FilesWithServer))]
    public void Server_InCompose_CanWriteOnlyItsVolumeAndHasNoPrivilege(string name)
    {
        var server = new ComposeFile(name).Service(Gateway);
        Assert.Equal("true", ComposeFile.Text(server, "read_only"));
        Assert.Equal(["ALL"], ComposeFile.List(server, "cap_drop"));
        Assert.Equal(["no-new-privileges:true"], ComposeFile.List(server, "security_opt"));
        Assert.Equal(["data:/data"], ComposeFile.List(server, "volumes"));
        Assert.Equal(["/tmp"], ComposeFile.List(server, "tmpfs"));
        Assert.False(server.Children.ContainsKey("privileged"));
        Assert.False(server.Children.ContainsKey("user"));
    }

    [Theory]
    [MemberData(nameof(FilesWithServer))]
    public void Server_ToldToStop_HasLongerThanItsGrace(string name)
    {
        var file = new ComposeFile(name);
        var grace = file.Environment(Gateway).TryGetValue("SHUTDOWN_GRACE_SECONDS", out var given)
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : new ServerOptions().ShutdownGraceSeconds;
        var patience = ComposeFile.Text(file.Service(Gateway), "stop_grace_period")!;
        Assert.EndsWith("s", patience, StringComparison.Ordinal);
        Assert.True(int.Parse(patience[..^1], CultureInfo.InvariantCulture) > grace);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Ports_OfEveryService_ReachThisMachineOnlyUnlessToldOtherwise(string name)
    {
        var file = new ComposeFile(name);
        var ports = file.Services.SelectMany(s => ComposeFile.List(file.Service(s), "ports")).ToList();
        Assert.NotEmpty(ports);
        Assert.All(ports, port => Assert.True(
            port.StartsWith("127.0.0.1:", StringComparison.Ordinal) || port.StartsWith("${BIND_ADDRESS:-127.0.0.1}:", StringComparison.Ordinal), port));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Secrets_InComposeFile_HaveNoValueOfTheirOwn(string name)
    {
        var file = new ComposeFile(name);
        Assert.All(file.Variables.Where(v => IsSecret(v.Name)), v => Assert.True(v.IsRequired || v.Default == "", $"{v.Name} has the default '{v.Default}'"));
        foreach (var (variable, value) in file.Services.SelectMany(file.Environment).Where(p => IsSecret(p.Key)))
        {
            Assert.True(value.StartsWith("${", StringComparison.Ordinal), $"{variable} is written out");
        }
    }

    [Fact]
    public void Secrets_InExample_AreEmpty() =>
        Assert.All(Example().Where(p => IsSecret(p.Key)), p => Assert.Equal("", p.Value));

    [Fact]
    public void Example_NamesWhatTheComposeFilesAsk()
    {
        var asked = ComposeFile.Names.SelectMany(n => new ComposeFile(n).Variables)
            .Select(v => v.Name)
            .Where(n => !n.StartsWith("DEVELOP_", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(asked, Example().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Example_ValuesThatAreGiven_AreTheDefaults()
    {
        foreach (var variable in ComposeFile.Names.SelectMany(n => new ComposeFile(n).Variables).Where(v => v.Default is { Length: > 0 }))
        {
            if (Example().TryGetValue(variable.Name, out var shown))
            {
                Assert.Equal(variable.Default, shown);
            }
        }
    }

    private static bool IsSecret(string name) => SecretWords.Any(w => name.Contains(w, StringComparison.Ordinal));

    private static Dictionary<string, string> Example() =>
        File.ReadAllLines(Repository.File("deploy/.env.example"))
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
}
