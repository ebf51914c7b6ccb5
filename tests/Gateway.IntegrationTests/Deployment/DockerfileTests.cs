using System.Diagnostics;
using System.Runtime.InteropServices;
using AIHigress.Gateway.Data.Secrets;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Deployment;

/// <summary>The result of the Dockerfile's steps, run as an engine runs a container with a read-only root.</summary>
public sealed class DockerfileTests(BuiltImage image) : IClassFixture<BuiltImage>
{
    private const string Result = "eng/run-dockerfile-result.sh";
    private const string NeedsRoot = "Mount namespaces and chroot need root.";
    private const int Sigterm = 15;

    [Fact(SkipUnless = nameof(BuiltImage.CanRun), SkipType = typeof(BuiltImage), Skip = NeedsRoot)]
    public async Task Server_WithReadOnlyRoot_IsReadyAsAnUnprivilegedUserAndEndsCleanly()
    {
        using var data = new TempFolder();
        using var server = new Process { StartInfo = ScriptRun.Describe(Result, image.Path, data.Path, "APP_ENV=production", $"SECRET_KEY={SecretKey.Generate()}") };
        server.Start();
        try
        {
            var output = server.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var health = new ScriptRun(-1, "", "");
            await Eventually.TrueAsync(async () => server.HasExited || (health = await AskHealthAsync(server)).ExitCode == 0, "the health check of the image is content");
            if (server.HasExited)
            {
                Assert.Fail(await error);
            }

            Assert.Contains("\"ok\"", health.Output, StringComparison.Ordinal);
            await AssertConfinedAsync(server.Id);

            Assert.Equal(0, kill(server.Id, Sigterm));
            await server.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Timeouts.Wait, TestContext.Current.CancellationToken);
            Assert.Equal(0, server.ExitCode);
            Assert.Contains("is ready.", await output, StringComparison.Ordinal);
            Assert.True(File.Exists(data.File("aihigress.db")));
            Assert.False(File.Exists(data.File("secret.key")), "the key that was given must not be written down");
        }
        finally
        {
            if (!server.HasExited)
            {
                server.Kill();
            }
        }
    }

    [Fact(SkipUnless = nameof(BuiltImage.CanRun), SkipType = typeof(BuiltImage), Skip = NeedsRoot)]
    public async Task Server_InProductionWithoutSecretKey_RefusesInOneLine()
    {
        using var data = new TempFolder();
        var run = await ScriptRun.RunAsync(Timeouts.Wait, Result, image.Path, data.Path, "APP_ENV=production");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("aihigress: SECRET_KEY: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(data.File("aihigress.db")));
        Assert.False(File.Exists(data.File("secret.key")));
    }

    [Fact(SkipUnless = nameof(BuiltImage.CanRun), SkipType = typeof(BuiltImage), Skip = NeedsRoot)]
    public async Task Command_OfTheServer_IsACommandOfTheImage()
    {
        using var data = new TempFolder();
        var run = await ScriptRun.RunAsync(Timeouts.Wait, Result, image.Path, data.Path, "secret", "generate");
        Assert.Equal(0, run.ExitCode);
        Assert.True(SecretKey.IsStrong(run.Output.Trim()), run.ToString());
    }

    [Fact(SkipUnless = nameof(BuiltImage.CanRun), SkipType = typeof(BuiltImage), Skip = NeedsRoot)]
    public void Image_HoldsNoSourcesAndNoSecret()
    {
        var app = Path.Combine(image.Path, "rootfs", "app");
        var files = Directory.GetFiles(app, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(app, f)).ToList();
        Assert.Contains("aihigress.dll", files);
        Assert.DoesNotContain(files, f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".key", StringComparison.Ordinal) || f.EndsWith(".db", StringComparison.Ordinal) || Path.GetFileName(f) == ".env");
        Assert.DoesNotContain(image.Settings.GetProperty("env").EnumerateObject(), e => e.Name.Contains("SECRET", StringComparison.Ordinal) || e.Name.Contains("PASSWORD", StringComparison.Ordinal));
    }

    /// <summary>The HEALTHCHECK of the Dockerfile, beside the server.</summary>
    private Task<ScriptRun> AskHealthAsync(Process server)
    {
        var command = image.Settings.GetProperty("health").EnumerateArray().Select(p => p.GetString()!);
        return ScriptRun.RunAsync(Timeouts.Wait, Result, ["--inside", $"{server.Id}", image.Path, .. command]);
    }

    /// <summary>As the kernel sees the process: user, capabilities, the root it has, the address it listens on.</summary>
    private static async Task AssertConfinedAsync(int id)
    {
        var status = await File.ReadAllLinesAsync($"/proc/{id}/status", TestContext.Current.CancellationToken);
        Assert.Contains("Uid:\t1654\t1654\t1654\t1654", status);
        Assert.Contains("Gid:\t1654\t1654\t1654\t1654", status);
        Assert.Contains("CapEff:\t0000000000000000", status);
        Assert.Contains("NoNewPrivs:\t1", status);

        var mounts = (await File.ReadAllLinesAsync($"/proc/{id}/mountinfo", TestContext.Current.CancellationToken)).Select(line => line.Split(' ')).ToList();
        Assert.StartsWith("ro", Assert.Single(mounts, m => m[4] == "/")[5], StringComparison.Ordinal);
        Assert.StartsWith("rw", Assert.Single(mounts, m => m[4] == "/data")[5], StringComparison.Ordinal);

        // [::]:8000, which takes IPv4 too.
        var sockets = await File.ReadAllTextAsync($"/proc/{id}/net/tcp6", TestContext.Current.CancellationToken);
        Assert.Contains($" {new string('0', 32)}:{8000:X4} ", sockets, StringComparison.Ordinal);
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
