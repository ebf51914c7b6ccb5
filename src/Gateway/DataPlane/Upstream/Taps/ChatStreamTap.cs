using System.Buffers;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>Chat to Chat, and text completions: events pass as bytes, read once without allocating.</summary>
internal sealed class ChatStreamTap(bool clientWantsUsage) : StreamTap
{
    private readonly PooledBuffer _text = new();
    private TokenUsage? _usage;
    private bool _finished;
    private bool _isOver;

    public override TokenUsage? Usage => _usage;

    public override bool Finished => _finished;

    public override bool IsOver => _isOver;

    public override ReadOnlyMemory<byte> Text => _text.Written;

    public override TapResult Pass(in SseEvent ev, IBufferWriter<byte> output)
    {
        if (!ev.HasData)
        {
            if (ev.IsComplete)
            {
                output.Write(ev.Raw.Span);
            }

            return default;
        }

        var chunk = ChatChunkReader.Read(ev.Data.Span, _text.Length < MostText ? _text : null);
        if (chunk.IsDone)
        {
            return new TapResult(DecodeStep.Done);
        }

        if (chunk.IsMalformed)
        {
            return new TapResult(DecodeStep.Malformed);
        }

        if (chunk.IsError)
        {
            var info = OpenAIError.Read(ev.Data.Span);
            return new TapResult(DecodeStep.Error, Error: new AnswerError(chunk.ErrorStatus, info?.Message) { Param = info?.Param });
        }

        _usage = chunk.Usage ?? _usage;
        _finished |= chunk.HasFinish;

        // Usage in a chunk of its own is the last that the protocol has to say.
        _isOver = _finished && chunk is { Usage: not null, HasChoices: false };

        // The usage chunk that only we asked for stays here.
        if (chunk.Usage is null || chunk.HasChoices || clientWantsUsage)
        {
            WriteRaw(ev, output);
        }

        return new TapResult(DecodeStep.Continue, chunk.IsMeaningful);
    }

    public override void WriteEnd(IBufferWriter<byte> output, TokenUsage? counted) => output.Write(SseWriter.Done);

    public override void WriteError(IBufferWriter<byte> output, ClientError error) =>
        OpenAIError.WriteEvent(output, error.Message, GatewayError.OpenAIType(error.Status), error.Param, error.Code);

    public override void Dispose() => _text.Dispose();
}
