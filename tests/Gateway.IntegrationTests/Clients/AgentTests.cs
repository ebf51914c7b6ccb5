using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Clients;

/// <summary>
/// A coding agent as it is published, over each kind of provider: it is asked about a file, the model lets it read the
/// file with the agent's own tool, and it prints what the model says then.
/// </summary>
/// <param name="worlds">The gateway and the mock.</param>
/// <param name="sample">The folder of the agent's script.</param>
/// <param name="model">The logical model behind the name that the agent asks for by itself.</param>
public abstract class AgentTests(SharedWorlds worlds, string sample, string model)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Kinds => [.. ClientWorld.Kinds.Keys];

    private protected SharedWorlds Worlds => worlds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Ask_AboutAFile_ReadsItAndPrintsTheAnswer(string kind) => ReadsAsync(kind, name: null, Read);

    /// <param name="kind">The kind of provider.</param>
    /// <param name="name">The model that the agent is told to ask for; null to leave it alone.</param>
    /// <param name="read">The agent's tools for reading a file, with their arguments, the best first.</param>
    protected async Task ReadsAsync(string kind, string? name, Func<string, IReadOnlyList<(string Name, string Arguments)>> read)
    {
        var packages = await SampleInstall.FolderAsync(sample);
        var world = await worlds.ClientsAsync();
        using var project = new TempFolder();
        var file = project.File("note.txt");
        var word = $"kumquat-{Guid.NewGuid():N}";
        var answer = $"The note was read, says {Guid.NewGuid():N}.";
        await File.WriteAllTextAsync(file, $"The word is {word}.\n", TestContext.Current.CancellationToken);
        await PrepareAsync(world, kind);
        var before = (await world.RequestsAsync(model, kind)).Select(r => r.Order).DefaultIfEmpty(-1).Max();
        await world.ScriptAsync(model, kind, new Behaviour { Reasoning = 2, Text = answer, ToolScript = [ToolStep.AnyOf(read(file))] });

        var run = await AskAsync(world, kind, name, packages, project, "What does note.txt say?");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(answer == run.Output.Trim(), run.ToString());
        var requests = (await world.RequestsAsync(model, kind)).Where(r => r.Order > before).ToList();
        Assert.True(requests.Count == 2, $"The model was asked {requests.Count} times. {run}");
        Assert.DoesNotContain(word, requests[0].BodyText, StringComparison.Ordinal);
        Assert.Contains(ToolResults.In(requests[1].BodyText), result => result.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>The agent's tools for reading a file, with their arguments, the best first.</summary>
    protected abstract IReadOnlyList<(string Name, string Arguments)> Read(string file);

    /// <summary>Scripts what else the agent asks for.</summary>
    protected virtual Task PrepareAsync(ClientWorld world, string kind) => Task.CompletedTask;

    private protected Task<ScriptRun> AskAsync(ClientWorld world, string kind, string? name, string packages, TempFolder project, string question)
    {
        var start = ScriptRun.Describe($"samples/{sample}/run.sh", question);
        start.WorkingDirectory = project.Path;
        start.Environment["GATEWAY_URL"] = world.Gateway.Address;
        start.Environment["GATEWAY_KEY"] = ClientWorld.KeyOf(kind);
        start.Environment["PATH"] = $"{packages}/node_modules/.bin:{start.Environment["PATH"]}";
        start.Environment["MODEL"] = name;
        return ScriptRun.RunAsync(Limit, start);
    }
}
