using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Secrets;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Startup;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SecretKeyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("short", "32 characters")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "20 of them distinct")]
    [InlineData("please-change-me-0123456789-abcdefghijklm-change-this", "placeholder")]
    public async Task Start_WeakKey_IsRefusedWithoutShowingIt(string key, string rule)
    {
        var line = await Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.Path, ("SECRET_KEY", key)), [], "SECRET_KEY", rule);

        Assert.DoesNotContain(key, line, StringComparison.Ordinal);
    }

    [Fact]
    public Task Start_ProductionWithoutKey_IsRefused() =>
        Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.Path, ("APP_ENV", "production")), [], "SECRET_KEY", "aihigress secret generate");

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Start_DevelopmentWithoutKey_MakesOneForItsOwnerOnlyAndKeepsIt()
    {
        await RunOnceAsync();
        var file = _folder.File("secret.key");
        var made = await File.ReadAllTextAsync(file);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.True(SecretKey.IsStrong(made.Trim()));

        await RunOnceAsync();
        Assert.Equal(made, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Start_AnotherKeyThanTheData_ChangesNothingUntilThePreviousKeyIsGiven()
    {
        await RunOnceAsync(("SECRET_KEY", Starts.SecretKey));
        var before = await File.ReadAllBytesAsync(_folder.File("aihigress.db"));
        var old = SecretKey.From("old", Starts.SecretKey).Fingerprint;
        var current = SecretKey.From("new", Starts.OtherSecretKey).Fingerprint;

        await Starts.AssertFailsAsync(
            _folder.Path, Starts.With(_folder.Path, ("SECRET_KEY", Starts.OtherSecretKey)), [], "SECRET_KEY", old, current, "SECRET_KEY_PREVIOUS");
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.File("aihigress.db")));

        await RunOnceAsync(("SECRET_KEY", Starts.OtherSecretKey), ("SECRET_KEY_PREVIOUS", Starts.SecretKey));
        await RunOnceAsync(("SECRET_KEY", Starts.OtherSecretKey));
        await Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.Path, ("SECRET_KEY", Starts.SecretKey)), [], old, current);
    }

    [Fact]
    public async Task Start_KeyFileLost_DoesNotMakeANewOne()
    {
        await RunOnceAsync();
        File.Delete(_folder.File("secret.key"));

        await Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.Path), [], "SECRET_KEY", "SECRET_KEY_PREVIOUS");

        Assert.False(File.Exists(_folder.File("secret.key")));
    }

    [Fact]
    public async Task SecretKeyFile_NamesAFile_IsRead()
    {
        await File.WriteAllTextAsync(_folder.File("key"), Starts.SecretKey + "\n");

        await RunOnceAsync(("SECRET_KEY_FILE", _folder.File("key")));
        await RunOnceAsync(("SECRET_KEY", Starts.SecretKey));
    }

    private async Task RunOnceAsync(params (string Name, string Value)[] settings)
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path, settings.ToDictionary(s => s.Name, s => s.Value));
        gateway.Terminate();
        Assert.Equal(0, await gateway.WaitForExitAsync());
    }
}
