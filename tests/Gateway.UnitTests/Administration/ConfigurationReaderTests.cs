using System.Text.RegularExpressions;
using AIHigress.Gateway.Features.Administration.Configuration;
using AIHigress.Gateway.Features.Providers;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Administration;

public sealed partial class ConfigurationReaderTests
{
    [Fact]
    public void Read_ExampleInDeploy_Good()
    {
        var (declared, faults) = ConfigurationReader.Read("x", File.ReadAllText(FromRoot("deploy/gateway.example.yaml")));

        Assert.Empty(faults);
        Assert.Equal(["openai-main", "backup", "local"], declared!.Providers.Select(p => p.Fields.Id));
        Assert.Equal("https://llm.example.com/v1", declared.Providers[1].BaseUrl.AbsoluteUri.TrimEnd('/'));
        Assert.Equal((ModelDiscovery.Auto, ModelDiscovery.Off), (declared.Providers[0].Fields.Discovery, declared.Providers[1].Fields.Discovery));
        Assert.Equal(["fast", "offline"], declared.LogicalModels.Select(m => m.Fields.Id));
        Assert.Equal("env:GATEWAY_CI_KEY", Assert.Single(declared.ApiKeys).Reference);
        Assert.Equal(["MAX_ATTEMPTS", "REQUEST_LOG_RETENTION_DAYS"], declared.Settings.Select(s => s.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    [InlineData("providers: []\nsettings: { }\n")]
    [InlineData("providers:\n")]
    public void Read_NothingDeclared_Good(string text)
    {
        var (declared, faults) = ConfigurationReader.Read("x", text);

        Assert.Empty(faults);
        Assert.Empty(declared!.Providers);
    }

    [Fact]
    public void Read_DocumentedFields_AreAllKnown()
    {
        // Every field in the tables of the reference is asked for by the reader: an unknown one would be a fault.
        var sections = Section().Matches(File.ReadAllText(FromRoot("docs/gateway-yaml.md")));
        Assert.Equal(["providers", "logical_models", "api_keys"], sections.Select(s => s.Groups[1].Value));
        foreach (Match section in sections)
        {
            var fields = Row().Matches(section.Groups[2].Value).SelectMany(r => Name().Matches(r.Groups[1].Value)).Select(m => m.Groups[1].Value).ToList();
            Assert.True(fields.Count > 3);
            var text = $"{section.Groups[1].Value}:\n  - {string.Join("\n    ", fields.Select(f => $"{f}: !wrong x"))}\n";
            var untagged = text.Replace("!wrong ", "", StringComparison.Ordinal);
            Assert.DoesNotContain(Faults(untagged), f => f.Contains("is unknown", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("providers:\n  - id: a1\n    base_url: https://h.test\n    weight: 1001\n", "f.yaml:4: providers[0].weight: must be between 0 and 1000")]
    [InlineData("providers:\n  - id: a1\n    base_url: https://h.test\n    weight: many\n", "f.yaml:4: providers[0].weight: must be a whole number")]
    [InlineData("providers:\n  - id: a1\n    base_url: https://h.test\n    wieght: 1\n", "f.yaml:4: providers[0].wieght: is unknown*")]
    [InlineData("providers:\n  - id: a1\n    base_url: https://h.test\n    proxy: maybe\n", "f.yaml:4: providers[0].proxy: must be default, direct, pool, or the id of a proxy")]
    [InlineData("providers:\n  - id: a1\n    base_url: https://h.test\n    proxy: direct\n    proxy_required: true\n", "f.yaml:5: providers[0].proxy_required: contradicts proxy: direct")]
    [InlineData("providers:\n  - base_url: https://h.test\n", "f.yaml:2: providers[0].id: is required*")]
    [InlineData("providers:\n  - id: a1\n", "f.yaml:2: providers[0].base_url: is required")]
    [InlineData("providers:\n  - { id: a1, base_url: https://h.test }\n  - { id: a1, base_url: https://h.test }\n", "f.yaml:3: providers[1].id: is declared twice")]
    [InlineData("providers:\n  - id: a1\n    base_url: https://h.test\n    keys:\n      - { label: x, key: sk-1234567890 }\n", "f.yaml:5: providers[0].keys[0].key: must be a reference*")]
    [InlineData("providers:\n  - id: a1\n    base_url: https://h.test\n    kind: telepathy\n", "f.yaml:4: providers[0].kind: must be one of*")]
    [InlineData("providers:\n  - id: a1\n    base_url: https://h.test\n    headers:\n      X-A: b\n      Authorization: c\n", "f.yaml:6: providers[0].headers.Authorization: carries a credential*")]
    [InlineData("providers:\n  - id: a1\n    base_url: http://169.254.169.254/\n", "f.yaml:3: providers[0].base_url: names a link-local*")]
    [InlineData("providers:\n  a: b\n", "f.yaml:1: providers: must be a list")]
    [InlineData("providers:\n  - a\n", "f.yaml:2: providers[0]: must be a mapping")]
    [InlineData("provider: []\n", "f.yaml:1: provider: is unknown; known here: providers, logical_models, api_keys, settings")]
    [InlineData("logical_models:\n  - id: a b\n", "f.yaml:2: logical_models[0].id: must be 1 to 128*")]
    [InlineData("logical_models:\n  - id: a\n    strategy: magic\n", "f.yaml:3: logical_models[0].strategy: must be one of balanced, latency_first, cost_first, reliability_first, weighted, least_busy, priority, bandit")]
    [InlineData("logical_models:\n  - id: a\n    affinity: suffix\n", "f.yaml:3: logical_models[0].affinity: must be one of none, prefix")]
    [InlineData("logical_models:\n  - id: a\n    hedge_after: p50\n", "f.yaml:3: logical_models[0].hedge_after: must be p95 or milliseconds*")]
    [InlineData("logical_models:\n  - id: a\n    throughput_guard: { min_chars_per_second: 0 }\n", "f.yaml:3: logical_models[0].throughput_guard.min_chars_per_second: must be between*")]
    [InlineData("logical_models:\n  - id: a\n    bandit_reward: money\n", "f.yaml:3: logical_models[0].bandit_reward: must be one of success, ratings, both")]
    [InlineData("logical_models:\n  - id: a\n    upstreams:\n      - { provider: p1, model: m, weight: -1 }\n", "f.yaml:4: logical_models[0].upstreams[0].weight: must be between 0 and 1000")]
    [InlineData("logical_models:\n  - id: a\n  - id: b\n    aliases: [a]\n", "f.yaml:4: logical_models[1].aliases[0]: the name 'a' is declared twice")]
    [InlineData("logical_models:\n  - id: a\n    enabled: maybe\n", "f.yaml:3: logical_models[0].enabled: must be true or false")]
    [InlineData("api_keys:\n  - { name: ci, key: env:K, user: nobody }\n", "f.yaml:2: api_keys[0].user: must be the e-mail*")]
    [InlineData("api_keys:\n  - { name: ci, key: plain, user: a@b.c }\n", "f.yaml:2: api_keys[0].key: must be a reference*")]
    [InlineData("api_keys:\n  - { name: ci, key: env:K, user: a@b.c, limits: { rpm: 0 } }\n", "f.yaml:2: api_keys[0].limits.rpm: must be between 1 and 1000000")]
    [InlineData("api_keys:\n  - { name: ci, key: env:K, user: a@b.c, limits: { rps: 1 } }\n", "f.yaml:2: api_keys[0].limits.rps: is unknown*")]
    [InlineData("api_keys:\n  - { name: ci, key: env:K, user: a@b.c, budget: { amount_micro: 5, period: year } }\n", "f.yaml:2: api_keys[0].budget.period: must be one of day, week, month, total")]
    [InlineData("api_keys:\n  - { name: ci, key: env:K, user: a@b.c, budget: { period: day } }\n", "f.yaml:2: api_keys[0].budget.amount_micro: is required")]
    [InlineData("providers:\n  - id: a1\n    base_url: https://h.test\n    keys:\n      - { label: x, key: env:K, tpm: 0 }\n", "f.yaml:5: providers[0].keys[0].tpm: must be between 1 and*")]
    [InlineData("settings:\n  max_atempts: 4\n", "f.yaml:2: settings.max_atempts: is no setting; did you mean max_attempts?")]
    [InlineData("settings:\n  MAX_ATTEMPTS: 4\n", "f.yaml:2: settings.MAX_ATTEMPTS: is no setting; did you mean max_attempts?")]
    [InlineData("settings:\n  max_attempts: 21\n", "f.yaml:2: settings.max_attempts: the value '21' is not allowed*")]
    [InlineData("settings:\n  secret_key: abcdefg\n", "f.yaml:2: settings.secret_key: must be a reference*")]
    [InlineData("settings:\n  config_file: other.yaml\n", "f.yaml:2: settings.config_file: names this file*")]
    [InlineData("providers: []\nproviders: []\n", "f.yaml:2: providers: is given twice")]
    [InlineData("providers: &all []\n", "f.yaml:1: providers: anchors*")]
    [InlineData("settings: !!python/object {}\n", "f.yaml:1: settings: tags*")]
    [InlineData("- a\n", "f.yaml:1: the file must be a mapping*")]
    [InlineData("a: [\n", "f.yaml:*: is not valid YAML*")]
    [InlineData("providers: []\n---\nproviders: []\n", "f.yaml:2: the file must hold one document")]
    public void Read_Fault_NamedWithFileLineAndPath(string text, string expected)
    {
        var fault = Assert.Single(Faults(text));

        Assert.Matches($"^{Regex.Escape(expected).Replace("\\*", ".*", StringComparison.Ordinal)}$", fault);
    }

    [Fact]
    public void Read_Aliases_Refused() =>
        Assert.Contains(Faults("settings: &s { max_attempts: 4 }\nproviders: *s\n"), f => f.StartsWith("f.yaml:2: providers: aliases", StringComparison.Ordinal));

    [Fact]
    public void Read_ManyFaults_AllOfThemInOrderOfLines()
    {
        var faults = Faults("""
            providers:
              - id: Bad
                base_url: nowhere
            logical_models:
              - id: x
                fallbacks: [y]
              - id: y
                fallbacks: [x]
            settings:
              nothing: 1
            """);

        Assert.Equal([2, 3, 6, 8, 10], faults.Select(f => int.Parse(f.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.EndsWith("lead back to the model: x → y → x", faults[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_QuotedNumber_IsNoNumber() =>
        Assert.Single(Faults("providers:\n  - { id: a1, base_url: https://h.test, weight: \"3\" }\n"));

    [Fact]
    public void Read_DamagedFile_AnswersWithFaultsAndNeverThrows()
    {
        var good = File.ReadAllText(FromRoot("deploy/gateway.example.yaml"));
        const string damage = "[]{}:,#&*!|>'\"%@`-? \n\t\0~<";
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 30], Gen.Char[damage].Array[0, 4]).Sample(
            (at, cut, insert) =>
            {
                var text = good[..at] + new string(insert) + good[Math.Min(good.Length, at + cut)..];
                var (declared, faults) = ConfigurationReader.Read("f.yaml", text);
                Assert.Equal(declared is null, faults.Count > 0);
                Assert.All(faults, f => Assert.InRange(f.Line, 1, text.Split('\n').Length + 1));
            },
            iter: 5000);
    }

    [Fact]
    public void Read_UnclosedList_OneFault() =>
        Assert.Contains("is not valid YAML", Assert.Single(Faults("providers:\n  - id: a1\n    weight: [\n    models: [mock-ok]\nlogical_models:\n  - id: fast\n")), StringComparison.Ordinal);

    [Fact]
    public void Read_DeepNesting_Refused() =>
        Assert.Contains("nested too deeply", Assert.Single(Faults("a: " + new string('[', 500) + new string(']', 500))), StringComparison.Ordinal);

    [Fact]
    public void Read_OverAMebibyte_Refused() =>
        Assert.Contains("1 MiB", Assert.Single(Faults("# " + new string('x', 1024 * 1024))), StringComparison.Ordinal);

    private static List<string> Faults(string text) => [.. ConfigurationReader.Read("f.yaml", text).Faults.Select(f => f.In("f.yaml"))];

    private static string FromRoot(string path)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AIHigress.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The repository's root was not found.");
        }

        return Path.Combine(folder, path);
    }

    [GeneratedRegex(@"^## (?<section>providers|logical_models|api_keys)\n(?<text>.*?)(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\| (?<names>`[^|]*) \|", RegexOptions.Multiline, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[a-z_]+)`", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
