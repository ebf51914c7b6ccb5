using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Clients;

public sealed class OpencodeTests(SharedWorlds worlds) : AgentTests(worlds, "opencode", "coder")
{
    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Ask_InTheOtherProtocolOfItsConfiguration_ReadsTheFile(string kind) => ReadsAsync(kind, "aihigress-messages/coder", Read);

    protected override IReadOnlyList<(string Name, string Arguments)> Read(string file) => [("read", $$"""{"filePath":{{JsonSerializer.Serialize(file)}}}""")];
}
