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
    public static TheoryData<WireProtocol, WireProtocol> Pairs
    {
        get
        {
            var pairs = new TheoryData<WireProtocol, WireProtocol>();
            foreach (var a in Enum.GetValues<WireProtocol>())
            {
                foreach (var b in Enum.GetValues<WireProtocol>())
                {
                    pairs.Add(a, b);
                }
            }

            return pairs;
        }
    }

    public static ProtocolCodec Of(WireProtocol protocol) => All.Single(c => c.Protocol == protocol);
}
