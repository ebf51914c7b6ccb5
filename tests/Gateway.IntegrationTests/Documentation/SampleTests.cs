using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Documentation;

/// <summary>The samples run against a real server and get answers from it.</summary>
public sealed class SampleTests
{
    private const string Answer = "token1 token2 token3 token4 token5 token6 token7 token8";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task Samples_AgainstADemo_ListAskStreamAndAreRefused()
    {
        var run = await ScriptRun.RunAsync(Limit, "eng/check-samples.sh");
        Assert.True(run.ExitCode == 0, run.ToString());
        var parts = run.Output.Split("== ", StringSplitOptions.RemoveEmptyEntries).ToDictionary(p => p.Split('\n')[0], p => p);

        Assert.Contains("\"object\":\"list\"", parts["curl"], StringComparison.Ordinal);
        Assert.Contains($"\"content\":\"{Answer}\"", parts["curl"], StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]", parts["curl"].TrimEnd(), StringComparison.Ordinal);
        foreach (var client in new[] { parts["openai-node"], parts["openai-dotnet"] })
        {
            Assert.Contains("Models:\n  ", client, StringComparison.Ordinal);
            Assert.Contains($"Answer: {Answer}\n", client, StringComparison.Ordinal);
            Assert.Contains($"Stream: {Answer}\n", client, StringComparison.Ordinal);
            Assert.Contains("Tokens: ", client, StringComparison.Ordinal);
        }

        Assert.Contains("Refused: NotFoundError 404 model_not_found", parts["openai-node"], StringComparison.Ordinal);
        Assert.Contains("Refused: 404", parts["openai-dotnet"], StringComparison.Ordinal);
    }
}
