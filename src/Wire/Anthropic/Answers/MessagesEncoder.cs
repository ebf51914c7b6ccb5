using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Anthropic.Answers;

/// <summary>
/// Writes an answer as a Messages stream. Content blocks come one at a time: what belongs to a later part waits until the earlier one has ended.
/// A call's block begins with its first arguments, so that a seal that comes with the call can be shown in front of it.
/// </summary>
internal sealed class MessagesEncoder(AnswerContext context) : StreamEncoder(context)
{
    private readonly EventWriter _events = new();
    private readonly PartQueue _parts = new();
    private TokenUsage? _usage;
    private AnswerFinish? _finish;
    private bool _isStarted;
    private bool _hasCalls;
    private int _index;

    public override void Start(in AnswerStart start)
    {
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;
        _events.MessageStart(
            Output, MessagesIds.Message(start.Id, Context), start.Model.Length > 0 ? start.Model : Context.Request.Model, _usage);
        _events.Ping(Output);
    }

    public override void PartStart(in PartStart part)
    {
        // The protocol has room for one answer.
        if (part.Choice != 0)
        {
            return;
        }

        EnsureStarted();
        var queued = new QueuedPart(part);
        _parts.Add(queued);
        if (_parts.Current == queued)
        {
            Open(queued);
        }
    }

    public override void Delta(int part, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || _parts.Find(part) is not { } queued)
        {
            return;
        }

        if (_parts.Current != queued)
        {
            queued.Wait(text);
            return;
        }

        Begin(queued);
        Write(queued, text);
    }

    public override void Seal(int part, Seal seal)
    {
        if (_parts.Find(part) is not { } queued)
        {
            return;
        }

        queued.Seal = seal;
        if (_parts.Current == queued)
        {
            Write(queued, seal);
        }
    }

    public override void PartEnd(int part)
    {
        if (_parts.Find(part) is { } queued)
        {
            queued.IsEnded = true;
            Advance();
        }
    }

    public override void Usage(in TokenUsage usage) => _usage = usage;

    public override void Finish(in AnswerFinish finish) => _finish = finish.Choice == 0 ? finish : _finish;

    public override void Ping()
    {
        if (_isStarted)
        {
            _events.Ping(Output);
        }
    }

    public override void WriteEnd()
    {
        EnsureStarted();
        while (_parts.Current is { } open)
        {
            open.IsEnded = true;
            Advance();
        }

        var finish = _finish ?? new AnswerFinish(0, FinishReason.Stop);
        _events.MessageEnd(Output, finish, _hasCalls, _usage);
    }

    public override void WriteError(ClientError error) => _events.Error(Output, error);

    private void EnsureStarted() => Start(new AnswerStart("", "", 0));

    /// <summary>Ends the blocks that can end, and lets the next part write what it had to hold back.</summary>
    private void Advance()
    {
        while (_parts.Current is { IsEnded: true } done)
        {
            Begin(done);
            if (done.IsBegun)
            {
                if (done.Head.Kind == AnswerPartKind.Reasoning && done.Seal is null)
                {
                    _events.SignatureDelta(Output, _index, AnswerWriter.Unsigned(Context));
                }

                Close(done);
            }

            _parts.RemoveCurrent();
            if (_parts.Current is not { } next)
            {
                continue;
            }

            Open(next);
            if (next.Waiting.Length > 0)
            {
                Begin(next);
                Write(next, next.Waiting);
                next.Release();
            }

            // A call shows its seal at its beginning.
            if (next.Seal is not null && (!next.IsBegun || next.Head.Kind == AnswerPartKind.Reasoning))
            {
                Write(next, next.Seal);
            }
        }
    }

    /// <summary>The part is the first now. Its block begins at once, but for those that need to know more.</summary>
    private void Open(QueuedPart part)
    {
        if (part.Head.Kind is not (AnswerPartKind.ToolCall or AnswerPartKind.RedactedReasoning))
        {
            Begin(part);
        }
    }

    private void Begin(QueuedPart part)
    {
        if (part.IsBegun)
        {
            return;
        }

        var head = part.Head;
        switch (head.Kind)
        {
            case AnswerPartKind.ToolCall:
                _hasCalls = true;
                if (part.Seal is not null)
                {
                    WriteSealBlock(part.Seal, isBehind: false);
                }

                _events.CallStart(Output, _index, MessagesIds.Call(head.Id, head.Part, Context), head.Name);
                if (head.IsCustom)
                {
                    _events.JsonDelta(Output, _index, "{\"input\":\""u8);
                }

                break;
            case AnswerPartKind.RedactedReasoning when part.Seal is null:
                return;
            case AnswerPartKind.RedactedReasoning:
                _events.RedactedStart(Output, _index, AnswerWriter.Show(part.Seal, Context));
                break;
            case AnswerPartKind.Reasoning:
                _events.ThinkingStart(Output, _index);
                break;
            default:
                _events.TextStart(Output, _index);
                break;
        }

        part.IsBegun = true;
    }

    private void Write(QueuedPart part, ReadOnlySpan<byte> text)
    {
        switch (part.Head.Kind)
        {
            case AnswerPartKind.ToolCall when part.Head.IsCustom:
                _events.EscapedJsonDelta(Output, _index, text);
                break;
            case AnswerPartKind.ToolCall:
                _events.JsonDelta(Output, _index, text);
                break;
            case AnswerPartKind.Reasoning:
                _events.ThinkingDelta(Output, _index, text);
                break;
            case AnswerPartKind.RedactedReasoning:
                break;
            default:
                _events.TextDelta(Output, _index, text);
                break;
        }
    }

    private void Write(QueuedPart part, Seal seal)
    {
        if (part.Head.Kind == AnswerPartKind.Reasoning)
        {
            _events.SignatureDelta(Output, _index, AnswerWriter.Show(seal, Context));
        }
        else if (part.IsBegun)
        {
            part.IsSealLate = part.Head.Kind == AnswerPartKind.ToolCall;
        }
        else
        {
            Begin(part);
        }
    }

    private void Close(QueuedPart part)
    {
        if (part.Head is { Kind: AnswerPartKind.ToolCall, IsCustom: true })
        {
            _events.JsonDelta(Output, _index, "\"}"u8);
        }

        _events.BlockStop(Output, _index++);
        if (part is { IsSealLate: true, Seal: not null })
        {
            WriteSealBlock(part.Seal, isBehind: true);
        }
    }

    private void WriteSealBlock(Seal seal, bool isBehind)
    {
        var text = AnswerWriter.Show(seal, Context);
        if (isBehind)
        {
            _events.RedactedStart(Output, _index, text);
        }
        else
        {
            _events.ThinkingStart(Output, _index);
            _events.SignatureDelta(Output, _index, text);
        }

        _events.BlockStop(Output, _index++);
    }
}
