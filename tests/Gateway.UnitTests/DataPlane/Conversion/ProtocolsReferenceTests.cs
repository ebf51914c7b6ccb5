using AIHigress.Gateway.DataPlane.Conversion;
using AIHigress.TestKit;

namespace AIHigress.Gateway.UnitTests.DataPlane.Conversion;

public sealed class ProtocolsReferenceTests
{
    [Fact]
    public async Task Markdown_FieldTables_AreTheDocumentedOnes() => Assert.Equal(
        ProtocolsReference.Markdown(),
        await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "protocols.md"), TestContext.Current.CancellationToken));
}
