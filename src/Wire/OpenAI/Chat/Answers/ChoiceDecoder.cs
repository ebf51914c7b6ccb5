using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>
/// The parts of one choice: text, reasoning and refusal follow each other; calls may stay open side by side. Nothing counts after its finish.
/// </summary>
internal sealed class ChoiceDecoder(int index, PartNumbers numbers)
{
    private readonly List<CallDecoder> _calls = [];
    private int _open = -1;
    private AnswerPartKind _openKind;
    private bool _isSealed;
    private bool _hasRefusal;

    public int Index => index;

    public bool IsFinished { get; private set; }

    /// <summary>The <c>index</c> of the <c>reasoning_details</c> that the open thoughts belong to.</summary>
    public long ThoughtIndex { get; set; }

    public void Say(AnswerPartKind kind, ReadOnlySpan<byte> text, IAnswerSink sink)
    {
        if (text.IsEmpty)
        {
            return;
        }

        Open(kind, sink);
        sink.Delta(_open, text);
    }

    /// <summary>A signature of the thoughts so far; behind another one or behind their end it stands alone.</summary>
    public void SealThoughts(Seal seal, IAnswerSink sink)
    {
        Open(AnswerPartKind.Reasoning, sink);
        sink.Seal(_open, seal);
        _isSealed = true;
    }

    public void Redacted(Seal seal, IAnswerSink sink)
    {
        EndOpen(sink);
        Open(AnswerPartKind.RedactedReasoning, sink);
        sink.Seal(_open, seal);
        EndOpen(sink);
    }

    /// <summary>The next thoughts are a part of their own.</summary>
    public void EndThoughts(IAnswerSink sink) => EndOpen(sink);

    /// <param name="calls">Elements of <c>tool_calls</c>.</param>
    /// <param name="isWhole">They stand in a whole answer, where each is a call of its own.</param>
    /// <param name="isLast">The chunk holds the finish reason.</param>
    /// <param name="scratch">For escaped arguments.</param>
    /// <param name="sink">Takes the events.</param>
    public void Calls(ReadOnlySpan<byte> calls, bool isWhole, bool isLast, TextScratch scratch, IAnswerSink sink)
    {
        if (!RawJson.IsArray(calls))
        {
            return;
        }

        var reader = RawJson.Open(calls);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                Call(ChatCallFields.Read(ref reader, calls), isWhole, isLast, scratch, sink);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>The form before tools: one call, without an id.</summary>
    public void Function(ReadOnlySpan<byte> call, bool isLast, TextScratch scratch, IAnswerSink sink)
    {
        if (RawJson.IsObject(call))
        {
            var reader = RawJson.Open(call);
            Call(ChatCallFields.Read(ref reader, call), isWhole: false, isLast, scratch, sink);
        }
    }

    public void Finish(string word, string? stopSequence, IAnswerSink sink)
    {
        IsFinished = true;
        EndOpen(sink);
        foreach (var call in _calls)
        {
            if (!call.IsStarted)
            {
                call.Start(numbers.Next(), index, sink);
            }

            call.End(sink);
        }

        sink.Finish(new AnswerFinish(index, ChatFinish.Read(word, _calls.Count > 0, _hasRefusal), stopSequence));
    }

    private void Call(in ChatCallFields fields, bool isWhole, bool isLast, TextScratch scratch, IAnswerSink sink)
    {
        var id = RawJson.Name(fields.Id);
        var name = RawJson.Name(fields.Name);
        var call = isWhole && id.Length + name.Length > 0 ? null : Find(fields.Index, id, name);
        if (call is null)
        {
            if (name.Length == 0 && id.Length == 0 && fields.Arguments.IsEmpty)
            {
                return;
            }

            call = new CallDecoder(fields.Index, fields.IsCustom);
            _calls.Add(call);
        }

        call.Identify(id, name);
        if (!call.IsStarted && call.Name.Length > 0)
        {
            EndOpen(sink);
            EndWholeCalls(fields.Index, sink);
            call.Start(numbers.Next(), index, sink);
        }

        call.Add(RawJson.IsObject(fields.Arguments) ? fields.Arguments : scratch.Read(fields.Arguments), isLast, sink);
        call.Seal(RawJson.Text(fields.Signature), sink);
    }

    // Some servers number all calls 0, and some number none: there a new id with a name begins the next call once the last one is whole,
    // or at once when it calls another tool or when the last one is free text, which is never whole.
    private CallDecoder? Find(int? callIndex, string id, string name)
    {
        if (callIndex is null && id.Length > 0 && _calls.FindLast(c => c.Id == id) is { } known)
        {
            return known;
        }

        var last = callIndex is null ? _calls.LastOrDefault() : _calls.FindLast(c => c.Index == callIndex);
        if (last is null || name.Length == 0 || last.Name.Length == 0)
        {
            return last;
        }

        var isOther = id.Length > 0 ? id != last.Id && (last.IsWhole || last.IsEnded || last.IsCustom || name != last.Name)
            : callIndex is null && (last.IsWhole || last.IsEnded || name != last.Name);
        return isOther ? null : last;
    }

    private void Open(AnswerPartKind kind, IAnswerSink sink)
    {
        if (_open >= 0 && _openKind == kind && !_isSealed)
        {
            return;
        }

        EndOpen(sink);
        EndCallsBeforeText(sink);
        _open = numbers.Next();
        _openKind = kind;
        _hasRefusal |= kind == AnswerPartKind.Refusal;
        sink.PartStart(new PartStart(_open, index, kind));
    }

    private void EndOpen(IAnswerSink sink)
    {
        if (_open >= 0)
        {
            sink.PartEnd(_open);
            _open = -1;
        }

        _isSealed = false;
    }

    // Free text has no end that can be seen: it lasts until another call takes its number, or the answer goes on with something else.
    private void EndWholeCalls(int? taken, IAnswerSink sink)
    {
        foreach (var call in _calls)
        {
            if (call.IsWhole || (call.IsCustom && (taken is null || call.Index == taken)))
            {
                call.End(sink);
            }
        }
    }

    private void EndCallsBeforeText(IAnswerSink sink)
    {
        foreach (var call in _calls)
        {
            if (call.IsWhole || call.IsCustom)
            {
                call.End(sink);
            }
        }
    }
}
