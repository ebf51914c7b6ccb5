using System.Buffers;
using AIHigress.Wire;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>
/// Responses, Messages and Gemini to their own kind: events pass as bytes and are read on the side. The event that ends the answer is kept
/// back until the end is known.
/// </summary>
internal sealed class RelayedStreamTap(ProtocolCodec codec, EventForm form) : DecodedStreamTap(codec.NewDecoder(), null)
{
    private readonly PooledBuffer _last = new();
    private int _events;
    private bool _ended;

    public override string ContentType => form.ContentType;

    public override ReadOnlyMemory<byte> Ping => form.Ping;

    public override TapResult Pass(in SseEvent ev, IBufferWriter<byte> output)
    {
        Meter.IsMeaningful = false;
        var step = Decoder.Read(ev, Meter);
        if (step is DecodeStep.Error or DecodeStep.Malformed)
        {
            return new TapResult(step, Error: Decoder.Error);
        }

        _events += ev.HasData ? 1 : 0;
        _ended |= step == DecodeStep.Done;
        if (_last.Length > 0)
        {
            output.Write(_last.Written.Span);
            _last.Dispose();
        }

        form.Write(ev, step == DecodeStep.Done || Decoder.IsWhole ? _last : output);
        return new TapResult(step, Meter.IsMeaningful);
    }

    public override void WriteEnd(IBufferWriter<byte> output, TokenUsage? counted)
    {
        output.Write(_last.Written.Span);
        if (!_ended && codec.Protocol == WireProtocol.Messages)
        {
            // The stop reason came, the end mark did not; Anthropic's clients wait for it.
            SseWriter.WriteEvent(output, "message_stop"u8, """{"type":"message_stop"}"""u8);
        }

        form.WriteEnd(output);
    }

    public override void WriteError(IBufferWriter<byte> output, ClientError error) => form.WriteError(error, codec, _events, output);

    public override void Dispose()
    {
        _last.Dispose();
        base.Dispose();
    }
}
