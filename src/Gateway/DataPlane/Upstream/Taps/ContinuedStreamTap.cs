using System.Buffers;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire;
using AIHigress.Wire.Gemini;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>One upstream's part of an answer that others may go on with: decoded and encoded even where both speak one protocol.</summary>
internal sealed class ContinuedStreamTap(StreamDecoder decoder, ContinuedAnswer answer) : DecodedStreamTap(decoder, answer)
{
    public override string ContentType => answer.ContentType;

    public override ReadOnlyMemory<byte> Ping => answer.Ping;

    public override ContinuedAnswer? Continued => answer;

    public static ContinuedStreamTap Begin(InboundCall call, UpstreamAdapter adapter, AnswerContext context)
    {
        var encoder = call.AsArray ? GeminiCodec.Instance.NewArrayEncoder(context) : Codecs.Of(call.Protocol).NewEncoder(context);
        var ping = call.Protocol == WireProtocol.Gemini ? SseWriter.BlankPing : SseWriter.Ping;
        return new ContinuedStreamTap(adapter.Codec.NewDecoder(), new ContinuedAnswer(encoder, ping));
    }

    public override TapResult Pass(in SseEvent ev, IBufferWriter<byte> output)
    {
        answer.Output = output;
        Meter.IsMeaningful = false;
        var step = Decoder.Read(ev, Meter);
        return new TapResult(step, Meter.IsMeaningful, step == DecodeStep.Error ? Decoder.Error : null);
    }

    public override void WriteEnd(IBufferWriter<byte> output, TokenUsage? counted)
    {
        answer.Output = output;
        Decoder.Complete(Meter);
        answer.WriteEnd(Meter.LastUsage is null || answer.IsContinued ? counted : null);
    }

    public override void WriteError(IBufferWriter<byte> output, ClientError error)
    {
        answer.Output = output;
        answer.WriteError(error);
    }
}
