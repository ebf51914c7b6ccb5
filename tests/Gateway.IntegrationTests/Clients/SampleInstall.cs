using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Clients;

/// <summary>The npm packages of the samples, installed by the first test that needs them.</summary>
internal static class SampleInstall
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private static readonly Lock Guard = new();
    private static readonly Dictionary<string, Task<ScriptRun>> Installs = new(StringComparer.Ordinal);

    /// <summary>The folder with the sample and its node_modules; a failure of npm fails each test of the sample.</summary>
    public static async Task<string> FolderAsync(string sample)
    {
        var run = await Once(sample);
        Assert.True(run.ExitCode == 0, $"The packages of {sample} did not install: {run}");
        return run.Output.Trim();
    }

    private static Task<ScriptRun> Once(string sample)
    {
        lock (Guard)
        {
            if (!Installs.TryGetValue(sample, out var install))
            {
                install = ScriptRun.RunAsync(Limit, "eng/install-client.sh", sample);
                Installs.Add(sample, install);
            }

            return install;
        }
    }
}
