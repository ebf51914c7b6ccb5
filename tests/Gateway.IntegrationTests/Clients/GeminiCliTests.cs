using System.Text.Json;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Clients;

public sealed class GeminiCliTests(SharedWorlds worlds) : AgentTests(worlds, "gemini-cli", "gemini-cli")
{
    protected override IReadOnlyList<(string Name, string Arguments)> Read(string file) => [("read_file", $$"""{"file_path":{{JsonSerializer.Serialize(file)}}}""")];

    /// <summary>The small model grades the task.</summary>
    protected override Task PrepareAsync(ClientWorld world, string kind) => world.ScriptAsync(
        "gemini-cli-small", kind, new Behaviour { Text = """{"complexity_reasoning":"easy","complexity_score":10}""" });
}
