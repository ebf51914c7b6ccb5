using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Clients;

public sealed class OpencodeTests(SharedWorlds worlds) : AgentTests(worlds, "opencode", "coder")
{
    protected override (string Name, string Arguments) Read(string file) => ("read", $$"""{"filePath":{{JsonSerializer.Serialize(file)}}}""");
}
