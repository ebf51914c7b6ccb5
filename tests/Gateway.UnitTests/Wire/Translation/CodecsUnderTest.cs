using AIHigress.Wire;
using AIHigress.Wire.Translation;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>The codecs under test, and every pair of them.</summary>
internal static class CodecsUnderTest
{
    public static readonly IReadOnlyList<ProtocolCodec> All =
    [
        .. Codecs.All,
    ];

    public static TheoryData<WireProtocol> Each => [.. Enum.GetValues<WireProtocol>()];

    /// <summary>First the upstream's or earlier protocol, then the client's or later one; a protocol with itself too.</summary>
    public static TheoryData<WireProtocol, WireProtocol> Pairs => [.. All.SelectMany(a => All, (a, b) => (a.Protocol, b.Protocol))];

    /// <summary>The same without those of a protocol with itself, where bytes pass untouched.</summary>
    public static TheoryData<WireProtocol, WireProtocol> OtherPairs => [.. All.SelectMany(a => All.Where(b => b != a), (a, b) => (a.Protocol, b.Protocol))];

    public static ProtocolCodec Of(WireProtocol protocol) => All.Single(c => c.Protocol == protocol);
}
