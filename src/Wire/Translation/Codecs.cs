using AIHigress.Wire.Anthropic;
using AIHigress.Wire.Gemini;
using AIHigress.Wire.OpenAI.Chat;
using AIHigress.Wire.OpenAI.Responses;

namespace AIHigress.Wire.Translation;

/// <summary>The codec of each protocol.</summary>
public static class Codecs
{
    public static readonly IReadOnlyList<ProtocolCodec> All = [ChatCodec.Instance, ResponsesCodec.Instance, MessagesCodec.Instance, GeminiCodec.Instance];

    public static ProtocolCodec Of(WireProtocol protocol) => All[(int)protocol];
}
