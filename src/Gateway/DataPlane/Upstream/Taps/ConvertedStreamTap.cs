using System.Buffers;
using AIHigress.Wire;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>Any protocol to any other: the upstream's decoder feeds the client's encoder, event by event.</summary>
internal sealed class ConvertedStreamTap(StreamDecoder decoder, StreamEncoder encoder, ReadOnlyMemory<byte> ping) : DecodedStreamTap(decoder, encoder)
{
    public override string ContentType => encoder.ContentType;

    public override ReadOnlyMemory<byte> Ping => ping;

    public override TapResult Pass(in SseEvent ev, IBufferWriter<byte> output)
    {
        encoder.Output = output;
        Meter.IsMeaningful = false;
        var step = Decoder.Read(ev, Meter);
        return new TapResult(step, Meter.IsMeaningful, step == DecodeStep.Error ? Decoder.Error : null);
    }

    public override void WriteEnd(IBufferWriter<byte> output, TokenUsage? counted)
    {
        encoder.Output = output;
        Decoder.Complete(Meter);
        if (Meter.LastUsage is null && counted is { } usage)
        {
            encoder.Usage(usage);
        }

        encoder.WriteEnd();
    }

    public override void WriteError(IBufferWriter<byte> output, ClientError error)
    {
        encoder.Output = output;
        encoder.WriteError(error);
    }
}
