using System.Text.Json;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Clients;

public sealed class CodexTests(SharedWorlds worlds) : AgentTests(worlds, "codex", "codex")
{
    /// <summary>The model it asks for when none is named runs a program that calls the tools; they are offered between the items.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Ask_TheNewestModel_ReadsByAProgram(string kind) => ReadsAsync(kind, "gpt-6.1-sol", file =>
    {
        var program = $$"""const read = await tools.exec_command({cmd: {{JsonSerializer.Serialize($"cat '{file}'")}}}); text(read.output);""";
        return [("exec", Freeform(program)), ("functions__exec", Wrapped(program))];
    });

    /// <summary>Its tool for that takes text in a grammar, which is a function where there are no such tools.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Ask_ForAFile_WritesItByItsFreeFormTool(string kind)
    {
        var packages = await SampleInstall.FolderAsync("codex");
        var world = await Worlds.ClientsAsync();
        using var project = new TempFolder();
        var word = $"kumquat-{Guid.NewGuid():N}";
        var patch = $"*** Begin Patch\n*** Add File: new.txt\n+{word}\n*** End Patch\n";
        var arguments = kind == "openai_responses" ? Freeform(patch) : Wrapped(patch);
        await world.ScriptAsync("codex", kind, new Behaviour { Text = "It is written.", ToolScript = [ToolStep.AnyOf([("apply_patch", arguments)])] });

        var run = await AskAsync(world, kind, null, packages, project, "Write new.txt.");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("It is written.", run.Output.Trim());
        Assert.Equal(word, (await File.ReadAllTextAsync(project.File("new.txt"), TestContext.Current.CancellationToken)).Trim());
    }

    protected override IReadOnlyList<(string Name, string Arguments)> Read(string file) =>
        [("exec_command", $$"""{"cmd":{{JsonSerializer.Serialize($"cat '{file}'")}}}""")];

    private static string Freeform(string text) => JsonSerializer.Serialize(text);

    private static string Wrapped(string text) => $$"""{"input":{{JsonSerializer.Serialize(text)}}}""";
}
