using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Clients;

public sealed class ClaudeCodeTests(SharedWorlds worlds) : AgentTests(worlds, "claude-code", "claude-code")
{
    protected override IReadOnlyList<(string Name, string Arguments)> Read(string file) => [("Read", $$"""{"file_path":{{JsonSerializer.Serialize(file)}}}""")];
}
