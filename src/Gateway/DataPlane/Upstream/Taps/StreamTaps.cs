using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire;
using AIHigress.Wire.Gemini;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>Chooses how a stream goes through.</summary>
internal static class StreamTaps
{
    public static StreamTap Of(InboundCall call, UpstreamAdapter adapter, AnswerContext? context)
    {
        var ping = call.Protocol == WireProtocol.Gemini ? SseWriter.BlankPing : SseWriter.Ping;
        if (context is null)
        {
            return call.Protocol == WireProtocol.Chat ? new ChatStreamTap(call.WantsUsage) : new RelayedStreamTap(adapter.Codec, EventForm.Of(call.AsArray), ping);
        }

        var encoder = call.AsArray ? GeminiCodec.Instance.NewArrayEncoder(context) : Codecs.Of(call.Protocol).NewEncoder(context);
        return new ConvertedStreamTap(adapter.Codec.NewDecoder(), encoder, ping);
    }
}
