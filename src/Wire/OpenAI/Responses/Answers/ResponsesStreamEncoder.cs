using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>
/// Writes an answer as a stream of the Responses API. Items may be open side by side; nothing waits but the calls of <c>local_shell</c>,
/// which have no deltas.
/// </summary>
internal sealed class ResponsesStreamEncoder(AnswerContext context) : StreamEncoder(context)
{
    private readonly ResponseEvents _events = new();
    private readonly ResponseOutput _output = new(context);
    private ResponseObject? _response;
    private TokenUsage? _usage;
    private FinishReason _finish = FinishReason.Stop;
    private bool _ended;

    public override void Start(in AnswerStart start)
    {
        if (_response is not null)
        {
            return;
        }

        _response = new ResponseObject(Context, start);
        WriteResponse("response.created"u8, "in_progress");
        WriteResponse("response.in_progress"u8, "in_progress");
    }

    public override void PartStart(in PartStart part)
    {
        Begin();
        if (_output.TakeMessage(part.Kind) is { } message)
        {
            EndItem(message);
        }

        if (_output.Begin(part) is not { } begun)
        {
            return;
        }

        var item = begun.Item;
        if (!item.IsAnnounced && item.Kind != OutputItemKind.ShellCall && part.Kind != AnswerPartKind.RedactedReasoning)
        {
            Announce(item);
        }

        if (item.Kind == OutputItemKind.Message)
        {
            _events.ContentAdded(Output, begun);
        }
    }

    public override void Delta(int part, ReadOnlySpan<byte> text)
    {
        if (_output.Find(part) is { IsOpen: true } open)
        {
            Add(open, open.Wrapped is { } wrapped ? wrapped.Add(text) : text);
        }
    }

    public override void Seal(int part, Seal seal)
    {
        if (_output.Find(part) is not { IsOpen: true } open)
        {
            return;
        }

        if (open.Kind != AnswerPartKind.ToolCall)
        {
            _output.Seal(open, seal);
        }
        else if (_output.NewCallSeal(open.Item, seal) is { } item)
        {
            Announce(item);
            EndItem(item);
        }
    }

    public override void PartEnd(int part)
    {
        if (_output.Find(part) is { IsOpen: true } open)
        {
            End(open);
        }
    }

    public override void Usage(in TokenUsage usage) => _usage = usage;

    public override void Finish(in AnswerFinish finish)
    {
        if (finish.Choice == 0)
        {
            _finish = finish.Reason;
        }
    }

    public override void Ping() => SseWriter.WritePing(Output);

    public override void WriteEnd()
    {
        if (_ended)
        {
            return;
        }

        Begin();
        if (_output.TakeMessage() is { } message)
        {
            EndItem(message);
        }

        _ended = true;
        var reason = ResponsesFinish.IncompleteReason(_finish, _output.HasRefusal);
        var json = _events.Open(Output, reason is null ? "response.completed"u8 : "response.incomplete"u8);
        json.WritePropertyName("response"u8);
        _response!.Write(json, reason is null ? "completed" : "incomplete", _output.Items, _usage, reason);
        _events.Close(Output);
    }

    public override void WriteError(ClientError error)
    {
        if (_ended)
        {
            return;
        }

        Begin();
        _ended = true;
        var json = _events.Open(Output, "response.failed"u8);
        json.WritePropertyName("response"u8);
        _response!.Write(json, "failed", _output.Items, _usage, error: error);
        _events.Close(Output);
    }

    private void Begin()
    {
        if (_response is null)
        {
            Start(new AnswerStart("", "", 0));
        }
    }

    private void WriteResponse(ReadOnlySpan<byte> type, string status)
    {
        var json = _events.Open(Output, type);
        json.WritePropertyName("response"u8);
        _response!.Write(json, status, _output.Items);
        _events.Close(Output);
    }

    private void Announce(OutputItem item)
    {
        _output.Announce(item);
        _events.ItemAdded(Output, item);
    }

    private void EndItem(OutputItem item)
    {
        item.IsDone = true;
        _events.ItemDone(Output, item);
    }

    private void Add(OutputPart part, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        part.Text.Write(text);
        if (part.Item.IsAnnounced)
        {
            _events.Delta(Output, part, text);
        }
    }

    private void End(OutputPart part)
    {
        if (part.Wrapped is { } wrapped)
        {
            Add(part, wrapped.Complete());
        }

        part.IsOpen = false;
        var item = part.Item;
        if (!item.IsAnnounced)
        {
            AnnounceLate(part, item);
        }

        _events.PartDone(Output, part);
        if (item.Kind != OutputItemKind.Message || _output.IsOver(item))
        {
            EndItem(item);
        }
    }

    private void AnnounceLate(OutputPart part, OutputItem item)
    {
        if (item.Kind == OutputItemKind.ShellCall && !LocalShell.IsAction(part.Text.WrittenMemory))
        {
            item.Kind = OutputItemKind.FunctionCall;
        }

        Announce(item);
        if (item.Kind == OutputItemKind.FunctionCall && part.Text.WrittenCount > 0)
        {
            _events.Delta(Output, part, part.Text.WrittenSpan);
        }
    }
}
