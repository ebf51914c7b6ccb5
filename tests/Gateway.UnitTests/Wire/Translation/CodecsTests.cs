using AIHigress.Wire.Translation;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

public sealed class CodecsTests
{
    [Fact]
    public void All_CodecsOfTheAssembly_HoldsEachOnce()
    {
        var written = typeof(ProtocolCodec).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(ProtocolCodec)) && !t.IsAbstract);

        Assert.Equal(written.Select(t => t.FullName).Order(), CodecsUnderTest.All.Select(c => c.GetType().FullName).Order());
        Assert.Equal(CodecsUnderTest.All.Count, CodecsUnderTest.All.Select(c => c.Protocol).Distinct().Count());
    }

    [Fact]
    public void Fields_EachCodec_NameNoPathTwice() =>
        Assert.All(CodecsUnderTest.All, codec => Assert.Empty(codec.Fields.Rules.GroupBy(r => r.Path).Where(g => g.Count() > 1).Select(g => g.Key)));

    [Fact]
    public void Fields_EachCodec_CarryEverythingOverTheirOwnProtocol() =>
        Assert.All(CodecsUnderTest.All, codec => Assert.Empty(codec.Fields.Rules.Where(r => r.To(codec.Protocol) != AIHigress.Wire.Translation.Losses.Fate.Carried).Select(r => r.Path)));
}
