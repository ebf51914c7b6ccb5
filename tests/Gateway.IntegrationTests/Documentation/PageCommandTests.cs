using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Documentation;

/// <summary>What the documentation shows is what its commands print: each page is carried out, servers and all.</summary>
public sealed class PageCommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/quick-start.md")]
    public async Task Page_ItsCommands_PrintWhatItShows(string page)
    {
        var run = await ScriptRun.RunAsync(Limit, "eng/check-docs.sh", page);
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task Page_ThatShowsWhatIsNotPrinted_IsFound()
    {
        using var folder = new TempFolder();
        var page = folder.File("page.md");
        await File.WriteAllTextAsync(page, "```console\n$ echo yes\nno\n```\n", TestContext.Current.CancellationToken);
        var run = await ScriptRun.RunAsync(Limit, "eng/check-docs.sh", page);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("1 differences", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WithoutCommands_IsNoProof()
    {
        using var folder = new TempFolder();
        var page = folder.File("page.md");
        await File.WriteAllTextAsync(page, "# Nothing to run\n", TestContext.Current.CancellationToken);
        var run = await ScriptRun.RunAsync(Limit, "eng/check-docs.sh", page);
        Assert.Equal(1, run.ExitCode);
    }
}
