using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Clients;

public sealed class CodexTests(SharedWorlds worlds) : AgentTests(worlds, "codex", "codex")
{
    protected override (string Name, string Arguments) Read(string file) => ("exec_command", $$"""{"cmd":{{JsonSerializer.Serialize($"cat '{file}'")}}}""");
}
