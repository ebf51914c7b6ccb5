using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>A tap that reads with the upstream protocol's decoder.</summary>
internal abstract class DecodedStreamTap(StreamDecoder decoder, IAnswerSink? next) : StreamTap
{
    protected StreamDecoder Decoder { get; } = decoder;

    protected MeterSink Meter { get; } = new(next, MostText);

    public override TokenUsage? Usage => Meter.LastUsage;

    public override bool Finished => Decoder.IsWhole;

    public override bool IsOver => Decoder.IsOver;

    public override ReadOnlyMemory<byte> Text => Meter.Text;

    public override IReadOnlyList<Seal> Seals => Meter.Seals;

    public override void Dispose() => Meter.Dispose();
}
