using System.Text.Json;
using System.Text.Unicode;
using AIHigress.Wire.Json;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Anthropic.Answers;

/// <summary>Reads a Messages stream.</summary>
internal sealed class MessagesDecoder : StreamDecoder
{
    private readonly BlockTracker _blocks = new();
    private MessagesUsage _usage;
    private bool _isStarted;
    private bool _isFinished;
    private bool _isStopped;

    public override bool IsWhole => _isFinished || _isStopped;

    public override DecodeStep Read(in SseEvent ev, IAnswerSink sink)
    {
        if (!ev.HasData || ev.Data.IsEmpty || Error is not null || _isStopped)
        {
            return Error is not null ? DecodeStep.Error : _isStopped ? DecodeStep.Done : DecodeStep.Continue;
        }

        var data = ev.Data.Span;
        if (!Utf8.IsValid(data))
        {
            return DecodeStep.Malformed;
        }

        try
        {
            return Read(StreamEvent.Read(data), ev.EventName.Span, sink);
        }
        catch (JsonException)
        {
            // Some proxies end every stream as OpenAI does.
            return data.SequenceEqual("[DONE]"u8) && IsWhole ? Stop(sink) : DecodeStep.Malformed;
        }
    }

    public override void Complete(IAnswerSink sink)
    {
        if (Error is not null || !_isStarted)
        {
            return;
        }

        Finish(null, null, sink);
    }

    private DecodeStep Read(in StreamEvent ev, ReadOnlySpan<byte> name, IAnswerSink sink)
    {
        var type = ev.Type == StreamEventType.None ? StreamEvent.TypeOf(name) : ev.Type;
        switch (type)
        {
            case StreamEventType.BlockDelta when !_isFinished:
                Start(default, sink);
                _blocks.Delta(ev.Index ?? 0, ev.Delta, sink);
                break;
            case StreamEventType.BlockStart when !_isFinished:
                Start(default, sink);
                _blocks.Begin(ev.Index ?? 0, ev.Block, sink);
                break;
            case StreamEventType.BlockStop:
                _blocks.End(ev.Index ?? 0, sink);
                break;
            case StreamEventType.MessageStart:
                Start(ev.Message, sink);
                break;
            case StreamEventType.MessageDelta:
                ReadMessageDelta(ev, sink);
                break;
            case StreamEventType.MessageStop:
                return Stop(sink);
            case StreamEventType.Ping:
                if (_isStarted)
                {
                    sink.Ping();
                }

                break;
            case StreamEventType.Error:
            case StreamEventType.None or StreamEventType.Other when !ev.Error.IsEmpty:
                return Fail(ev.Error);
            case StreamEventType.None:
                return DecodeStep.Malformed;
            default:
                break;
        }

        return DecodeStep.Continue;
    }

    private DecodeStep Stop(IAnswerSink sink)
    {
        Start(default, sink);
        Finish(null, null, sink);
        _isStopped = true;
        return DecodeStep.Done;
    }

    private DecodeStep Fail(ReadOnlySpan<byte> error)
    {
        Error = new AnswerError(null, null);
        if (!error.IsEmpty)
        {
            var reader = new Utf8JsonReader(error, JsonFault.Strict);
            reader.Read();
            Error = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.String ? MessagesError.ReadError(ref reader) : Error;
        }

        return DecodeStep.Error;
    }

    private void Start(ReadOnlySpan<byte> message, IAnswerSink sink)
    {
        var head = message.IsEmpty ? default : MessageHead.Read(message);
        if (!_isStarted)
        {
            _isStarted = true;
            sink.Start(new AnswerStart(head.Id ?? "", head.Model ?? "", 0));
        }

        GiveUsage(head.Usage, sink);
    }

    private void GiveUsage(ReadOnlySpan<byte> usage, IAnswerSink sink)
    {
        if (usage.IsEmpty)
        {
            return;
        }

        _usage.Read(usage);
        if (_usage.Total is { } total)
        {
            sink.Usage(total);
        }
    }

    private void ReadMessageDelta(in StreamEvent ev, IAnswerSink sink)
    {
        Start(default, sink);
        GiveUsage(ev.Usage, sink);
        if (_isFinished || ev.Delta.IsEmpty)
        {
            return;
        }

        var (reason, sequence) = MessageHead.ReadStop(ev.Delta);
        if (reason is not null)
        {
            Finish(reason, sequence, sink);
        }
    }

    private void Finish(string? reason, string? stopSequence, IAnswerSink sink)
    {
        if (_isFinished)
        {
            return;
        }

        _isFinished = true;
        _blocks.EndAll(sink);
        sink.Finish(new AnswerFinish(0, StopReasons.Read(reason, _blocks.HasCalls), stopSequence));
    }
}
