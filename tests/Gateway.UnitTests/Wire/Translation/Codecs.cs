using AIHigress.Wire;
using AIHigress.Wire.Translation;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>The codecs under test, and every pair of them.</summary>
internal static class Codecs
{
    public static readonly IReadOnlyList<ProtocolCodec> All =
    [
        AIHigress.Wire.OpenAI.Chat.ChatCodec.Instance,
        AIHigress.Wire.OpenAI.Responses.ResponsesCodec.Instance,
        AIHigress.Wire.Anthropic.MessagesCodec.Instance,
        AIHigress.Wire.Gemini.GeminiCodec.Instance,
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

    /// <summary>Skips the test while the protocol has no codec; that it must have one as soon as the assembly does is a test of its own.</summary>
    public static ProtocolCodec Of(WireProtocol protocol)
    {
        var codec = All.SingleOrDefault(c => c.Protocol == protocol);
        Assert.SkipWhen(codec is null, $"There is no {protocol} codec yet.");
        return codec;
    }
}
