using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AIHigress.Wire.Json;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>Reads the chunks of a Chat stream, and a whole answer as if it were one chunk.</summary>
internal sealed class ChatDecoder : StreamDecoder
{
    // As many as a request may ask for.
    private const int MostChoices = 128;

    private readonly List<ChoiceDecoder> _choices = [];
    private readonly PartNumbers _numbers = new();
    private readonly TextScratch _scratch = new();
    private string _id = "";
    private string _model = "";
    private long _created;
    private bool _isStarted;
    private bool _isDone;
    private bool _isOver;

    public override bool IsWhole => _isDone || (_choices.Count > 0 && _choices.TrueForAll(c => c.IsFinished));

    public override bool IsOver => _isOver;

    public override DecodeStep Read(in SseEvent ev, IAnswerSink sink)
    {
        var data = ev.Data.Span.Trim(" \t\r\n"u8);
        if (_isDone || Error is not null)
        {
            return _isDone ? DecodeStep.Done : DecodeStep.Error;
        }

        if (data.IsEmpty)
        {
            Ping(sink);
            return DecodeStep.Continue;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            _isDone = true;
            return DecodeStep.Done;
        }

        return ev.EventName.Span.SequenceEqual("error"u8) && ChatErrors.Read(data) is { } error
            ? Fail(error)
            : Read(data, isWhole: false, sink);
    }

    /// <summary>Reads a whole answer, or one chunk.</summary>
    public DecodeStep Read(ReadOnlySpan<byte> data, bool isWhole, IAnswerSink sink)
    {
        if (!Utf8.IsValid(data))
        {
            // A character cut in half by the server: what can be read counts, the halves become U+FFFD.
            data = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(data));
        }

        if (!ChatRoot.TryRead(data, out var root))
        {
            return DecodeStep.Malformed;
        }

        if (root.IsError)
        {
            return Fail(ChatErrors.Read(data) ?? new AnswerError(null, null));
        }

        _id = _id.Length > 0 ? _id : RawJson.Name(root.Id);
        _model = _model.Length > 0 ? _model : RawJson.Name(root.Model);
        _created = _created > 0 ? _created : Math.Max(0, RawJson.Integer(root.Created) ?? 0);
        if (RawJson.IsArray(root.Choices) && ReadChoices(root.Choices, isWhole, sink) == DecodeStep.Error)
        {
            return DecodeStep.Error;
        }

        // The chunk of its own that was asked for; https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options
        _isOver = ReadUsage(root.Usage, sink) && IsWhole && IsEmpty(root.Choices);
        return isWhole && !RawJson.IsArray(root.Choices) ? DecodeStep.Malformed : DecodeStep.Continue;
    }

    public override void Complete(IAnswerSink sink)
    {
        if (Error is not null)
        {
            return;
        }

        Start(sink);
        if (_choices.Count == 0)
        {
            Choice(0);
        }

        foreach (var choice in _choices)
        {
            if (!choice.IsFinished)
            {
                choice.Finish("", null, sink);
            }
        }
    }

    private DecodeStep ReadChoices(ReadOnlySpan<byte> choices, bool isWhole, IAnswerSink sink)
    {
        var reader = RawJson.Open(choices);
        var position = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var fields = ChatChoiceFields.Read(ref reader, choices, position++);
            if (fields.Finish.SequenceEqual("\"error\""u8))
            {
                return Fail(new AnswerError(null, "The upstream ended its answer with an error and did not say which."));
            }

            Start(sink);
            if (fields.Index < MostChoices)
            {
                ReadChoice(fields, isWhole, sink);
            }

            ReadUsage(fields.Usage, sink);
        }

        return DecodeStep.Continue;
    }

    private void ReadChoice(in ChatChoiceFields fields, bool isWhole, IAnswerSink sink)
    {
        var choice = Choice(fields.Index);
        if (choice.IsFinished)
        {
            return;
        }

        if (isWhole)
        {
            ThoughtDecoder.ReadWhole(fields, choice, _scratch, sink);
        }
        else
        {
            ThoughtDecoder.Read(fields, choice, _scratch, sink);
        }

        if (RawJson.IsArray(fields.Content))
        {
            ReadContentParts(fields.Content, choice, sink);
        }
        else
        {
            choice.Say(AnswerPartKind.Text, _scratch.Read(fields.Content), sink);
        }

        choice.Say(AnswerPartKind.Refusal, _scratch.Read(fields.Refusal), sink);
        choice.Calls(fields.ToolCalls, isWhole, fields.HasFinish, _scratch, sink);
        choice.Function(fields.FunctionCall, fields.HasFinish, _scratch, sink);
        if (fields.HasFinish)
        {
            var stop = RawJson.Text(fields.StopReason);
            choice.Finish(RawJson.Name(fields.Finish), stop.Length > 0 ? stop : null, sink);
        }
    }

    // Mistral's form: texts and thoughts as parts, thoughts as parts of parts.
    private void ReadContentParts(ReadOnlySpan<byte> parts, ChoiceDecoder choice, IAnswerSink sink)
    {
        var reader = RawJson.Open(parts);
        var depth = reader.CurrentDepth;
        var thoughtsAbove = int.MaxValue;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.CurrentDepth <= thoughtsAbove)
            {
                thoughtsAbove = int.MaxValue;
            }

            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.Is("thinking"u8))
            {
                thoughtsAbove = reader.CurrentDepth;
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    choice.Say(AnswerPartKind.Reasoning, _scratch.Read(parts[(int)reader.TokenStartIndex..(int)reader.BytesConsumed]), sink);
                }
            }
            else if (reader.Is("text"u8) || reader.Is("refusal"u8))
            {
                var kind = thoughtsAbove < reader.CurrentDepth ? AnswerPartKind.Reasoning : reader.Is("text"u8) ? AnswerPartKind.Text : AnswerPartKind.Refusal;
                choice.Say(kind, _scratch.Read(RawJson.Take(ref reader, parts)), sink);
            }
        }
    }

    private bool ReadUsage(ReadOnlySpan<byte> value, IAnswerSink sink)
    {
        if (!RawJson.IsObject(value))
        {
            return false;
        }

        var reader = RawJson.Open(value);
        if (OpenAIUsage.Read(ref reader) is not { } usage)
        {
            return false;
        }

        Start(sink);
        sink.Usage(usage);
        return true;
    }

    private static bool IsEmpty(ReadOnlySpan<byte> choices) => !RawJson.IsArray(choices) || choices[1..].TrimStart(" \t\r\n"u8)[0] == (byte)']';

    private ChoiceDecoder Choice(int index)
    {
        foreach (var known in _choices)
        {
            if (known.Index == index)
            {
                return known;
            }
        }

        var choice = new ChoiceDecoder(index, _numbers);
        _choices.Add(choice);
        return choice;
    }

    private void Start(IAnswerSink sink)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            sink.Start(new AnswerStart(_id, _model, _created));
        }
    }

    private void Ping(IAnswerSink sink)
    {
        if (_isStarted)
        {
            sink.Ping();
        }
    }

    private DecodeStep Fail(AnswerError error)
    {
        Error = error;
        return DecodeStep.Error;
    }
}
