using AIHigress.Gateway.Hosting.Settings;
using AIHigress.TestKit;

namespace AIHigress.Gateway.UnitTests.Hosting;

public sealed class FlatSettingsTests
{
    [Theory]
    [InlineData("PORT", "8080", "Server:Port", "8080")]
    [InlineData("port", " 8080 ", "Server:Port", "8080")]
    [InlineData("GATEWAY_API_BASE_URL", "https://x", "Server:ApiBaseUrl", "https://x")]
    [InlineData("DEMO_MODE", "yes", "Server:DemoMode", "true")]
    [InlineData("DEMO_MODE", "0", "Server:DemoMode", "false")]
    [InlineData("LOG_LEVEL", "debug", "Telemetry:LogLevel", "debug")]
    public void Map_KnownName_BecomesItsConfigurationKey(string name, string value, string key, string expected) =>
        Assert.Equal(expected, Assert.Single(Map(name, value), p => p.Key == key).Value);

    [Theory]
    [InlineData("NOT_A_SETTING", "1")]
    [InlineData("PORT", "")]
    [InlineData("PORT_FILE", "/etc/hostname")]
    public void Map_UnknownNameOrNoValue_IsLeftAlone(string name, string value) => Assert.Empty(Map(name, value));

    [Theory]
    [InlineData("PORT", "65536", "'65536'", "0…65535")]
    [InlineData("PORT", "1e3", "'1e3'", "whole number")]
    [InlineData("DEMO_MODE", "ja", "'ja'", "true or false")]
    [InlineData("APP_ENV", "staging", "'staging'", "development")]
    [InlineData("PROMETHEUS_TOKEN", "short", "(hidden)", "")]
    public void Map_ValueBreaksItsRule_SaysNameValueAndRule(string name, string value, string shown, string rule)
    {
        var fault = Assert.Throws<SettingException>(() => Map(name, value));

        Assert.Equal(name, fault.Setting);
        Assert.Contains(shown, fault.Message, StringComparison.Ordinal);
        Assert.Contains(rule, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_SecretAsFile_ReadsIt()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("s"), "from-the-file\n");

        Assert.Equal("from-the-file", Map("SECRET_KEY_FILE", folder.File("s"))["Secrets:SecretKey"]);
        Assert.Throws<SettingException>(() => Map("SECRET_KEY_FILE", folder.File("missing")));
    }

    [Fact]
    public void Catalogue_EveryDefault_PassesItsOwnRule() =>
        Assert.All(
            SettingCatalogue.All.Where(d => d.Default is not null and not ""),
            d => FlatSettings.Check(d, Convert.ToString(d.Default, System.Globalization.CultureInfo.InvariantCulture)!));

    [Fact]
    public void Layer_BadValue_KeepsWhatItHad()
    {
        var layer = new SettingsLayer();
        layer.Replace([new("MAX_ATTEMPTS", "3")]);

        Assert.Throws<SettingException>(() => layer.Replace([new("MAX_ATTEMPTS", "0")]));

        Assert.True(layer.TryGet("DataPlane:MaxAttempts", out var value));
        Assert.Equal("3", value);
    }

    [Theory]
    [InlineData("GATEWAY_QUEUE_WAIT_MSS", "did you mean GATEWAY_QUEUE_WAIT_MS?")]
    [InlineData("CELERY_BROKER_URL", "no longer used")]
    [InlineData("UPSTREAM_SOMETHING_ELSE_ENTIRELY_UNKNOWN", "not a setting")]
    public void Unknown_LooksLikeOurs_Warns(string name, string part) =>
        Assert.Contains(part, Assert.Single(UnknownSettings.Warn([name], onlyOurs: true)), StringComparison.Ordinal);

    [Theory]
    [InlineData("PATH")]
    [InlineData("KUBERNETES_PORT")]
    [InlineData("MAX_ATTEMPTS")]
    [InlineData("SECRET_KEY_FILE")]
    public void Unknown_SomebodyElsesOrKnown_IsSilent(string name) => Assert.Empty(UnknownSettings.Warn([name], onlyOurs: true));

    [Fact]
    public void DotEnv_AllForms_AreRead()
    {
        var pairs = DotEnv.Parse(["# note", "", "A=1", "export B = two words # why", "C='x # y'", "D=\"l1\\nl2\"", "E=a=b"], ".env");

        Assert.Equal(
            [("A", "1"), ("B", "two words"), ("C", "x # y"), ("D", "l1\nl2"), ("E", "a=b")],
            pairs.Select(p => (p.Key, p.Value!)));
        Assert.Contains(".env:2", Assert.Throws<SettingException>(() => DotEnv.Parse(["A=1", "nonsense"], ".env")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reference_CommittedPage_IsTheGeneratedOne() =>
        Assert.Equal(
            SettingsReference.Markdown(),
            File.ReadAllText(Repository.File("docs/configuration.md")).ReplaceLineEndings("\n"));

    private static Dictionary<string, string?> Map(string name, string value) => FlatSettings.Map([new(name, value)]);
}
