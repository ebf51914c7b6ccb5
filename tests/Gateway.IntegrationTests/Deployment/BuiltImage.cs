using System.Text.Json;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Deployment;

/// <summary>
/// What the steps of deploy/Dockerfile make, done once by eng/run-dockerfile-steps.sh: no image, but the same files,
/// user, environment and command. Needs root for mount and chroot.
/// </summary>
public sealed class BuiltImage : IAsyncLifetime
{
    // A whole publish on a small machine under load.
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(9);
    private readonly TempFolder _folder = new();

    /// <summary>Where rootfs and image.json are.</summary>
    public string Path => _folder.Path;

    public JsonElement Settings { get; private set; }

    /// <summary>Only root can do this; a developer who is not skips it, a CI run must not.</summary>
    public static bool CanRun => Environment.UserName == "root" || Environment.GetEnvironmentVariable("CI") == "true";

    public async ValueTask InitializeAsync()
    {
        if (!CanRun)
        {
            return;
        }

        var run = await ScriptRun.RunAsync(BuildLimit, "eng/run-dockerfile-steps.sh", Path);
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"The steps of the Dockerfile failed: {run}");
        }

        Settings = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File("image.json"))).RootElement;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
