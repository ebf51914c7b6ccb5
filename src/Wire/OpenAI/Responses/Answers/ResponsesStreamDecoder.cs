using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>
/// Reads an upstream's stream. Deltas are passed on as they come; the whole texts that follow them count only where no delta came.
/// </summary>
internal sealed class ResponsesStreamDecoder : StreamDecoder
{
    private readonly DecodedItems _items = new();
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private bool _started;
    private bool _whole;

    public override bool IsWhole => _whole;

    public override DecodeStep Read(in SseEvent ev, IAnswerSink sink)
    {
        if (!ev.HasData || ev.Data.IsEmpty)
        {
            return DecodeStep.Continue;
        }

        if (_whole || ev.Data.Span.SequenceEqual("[DONE]"u8))
        {
            return DecodeStep.Done;
        }

        // A character cut in half by the server: what can be read counts, the halves become U+FFFD.
        var data = Utf8.IsValid(ev.Data.Span) ? ev.Data : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(ev.Data.Span));
        try
        {
            return Handle(ResponsesEvent.Read(data.Span), data, sink);
        }
        catch (JsonException)
        {
            return DecodeStep.Malformed;
        }
    }

    public override void Complete(IAnswerSink sink)
    {
        Start(default, sink);
        _items.EndAll(sink);
        if (!_whole)
        {
            _whole = true;
            sink.Finish(new AnswerFinish(0, ResponsesFinish.Read(isIncomplete: false, null, _items.HasCalls, _items.HasRefusal)));
        }
    }

    private DecodeStep Handle(in ResponsesEvent ev, ReadOnlyMemory<byte> data, IAnswerSink sink)
    {
        switch (ev.Kind)
        {
            case ResponsesEventKind.None:
                return ev.HasError ? Fail(data.Span) : DecodeStep.Malformed;
            case ResponsesEventKind.Error:
                return Fail(data.Span);
            case ResponsesEventKind.Failed or ResponsesEventKind.Cancelled:
                ReportUsage(new ResponseTail(ev.Response.Slice(data.Span)), sink);
                return Fail(ev.Response.Length > 0 ? ev.Response.Slice(data.Span) : data.Span);
            case ResponsesEventKind.Completed or ResponsesEventKind.Incomplete:
                End(ev, data, sink);
                return DecodeStep.Done;
            case ResponsesEventKind.Other:
                return DecodeStep.Continue;
            default:
                Start(ev.Response.Slice(data.Span), sink);
                HandlePart(ev, data, sink);
                return DecodeStep.Continue;
        }
    }

    private void HandlePart(in ResponsesEvent ev, ReadOnlyMemory<byte> data, IAnswerSink sink)
    {
        switch (ev.Kind)
        {
            case ResponsesEventKind.Begun:
                break;
            case ResponsesEventKind.Ping:
                sink.Ping();
                break;
            case ResponsesEventKind.ItemAdded:
                _items.Add(ev.OutputIndex, data.Slice(ev.Item.Start, ev.Item.Length), sink);
                break;
            case ResponsesEventKind.ItemDone:
                _items.End(ev.OutputIndex, data.Slice(ev.Item.Start, ev.Item.Length), sink);
                break;
            case ResponsesEventKind.ContentAdded:
                _items.AddContent(ev.OutputIndex, ev.Index, data.Slice(ev.Part.Start, ev.Part.Length), sink);
                break;
            case ResponsesEventKind.ContentDone:
                _items.EndContent(ev.OutputIndex, ev.Index, sink);
                break;
            default:
                _items.AddText(ev, Text(ev), sink);
                break;
        }
    }

    private ReadOnlySpan<byte> Text(in ResponsesEvent ev)
    {
        if (!ev.IsEscaped)
        {
            return ev.Text;
        }

        _scratch.ResetWrittenCount();
        _scratch.Advance(JsonText.Unescape(ev.Text, _scratch.GetSpan(ev.Text.Length)));
        return _scratch.WrittenSpan;
    }

    private void Start(ReadOnlySpan<byte> response, IAnswerSink sink)
    {
        if (!_started)
        {
            _started = true;
            sink.Start(ResponseTail.ReadStart(response));
        }
    }

    private void End(in ResponsesEvent ev, ReadOnlyMemory<byte> data, IAnswerSink sink)
    {
        var response = ev.Response.Slice(data.Span);
        Start(response, sink);
        var tail = new ResponseTail(response);
        if (_items.IsEmpty && tail.Output.Length > 0)
        {
            _items.AddWhole(data.Slice(ev.Response.Start + tail.Output.Start, tail.Output.Length), sink);
        }

        _items.EndAll(sink);
        ReportUsage(tail, sink);
        _whole = true;
        var isIncomplete = ev.Kind == ResponsesEventKind.Incomplete || tail.IsIncomplete;
        sink.Finish(new AnswerFinish(0, ResponsesFinish.Read(isIncomplete, tail.IncompleteReason, _items.HasCalls, _items.HasRefusal)));
    }

    private void ReportUsage(in ResponseTail tail, IAnswerSink sink)
    {
        if (_started && tail.Usage is { } usage)
        {
            sink.Usage(usage);
        }
    }

    private DecodeStep Fail(ReadOnlySpan<byte> body)
    {
        Error = ResponsesErrors.Read(body) ?? new AnswerError(null, null);
        return DecodeStep.Error;
    }
}
