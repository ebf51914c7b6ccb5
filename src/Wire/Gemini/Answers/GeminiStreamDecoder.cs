using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.Gemini.Answers;

/// <summary>
/// Reads a stream of chunks, each a small answer of its own: texts go on where the last chunk left them, calls come whole. A finish is held
/// until the end of the stream, for some of Google's models name one in every chunk.
/// </summary>
internal sealed class GeminiStreamDecoder : StreamDecoder
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly SortedDictionary<int, GeminiChoice> _choices = [];
    private readonly GeminiPartCounter _counter = new();
    private bool _started;
    private bool _completed;

    public override bool IsWhole => _choices.Count > 0 && _choices.Values.All(c => c.Finish is not null);

    /// <summary>Something of an answer has been read.</summary>
    public bool HasAnswer { get; private set; }

    public override DecodeStep Read(in SseEvent ev, IAnswerSink sink) => ev.HasData ? Read(ev.Data.Span, sink) : DecodeStep.Continue;

    public DecodeStep Read(ReadOnlySpan<byte> data, IAnswerSink sink)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            return DecodeStep.Done;
        }

        if (!Utf8.IsValid(data))
        {
            return DecodeStep.Malformed;
        }

        try
        {
            return ReadChunk(GeminiChunk.Read(data, readsHead: !_started), data, sink);
        }
        catch (JsonException)
        {
            return DecodeStep.Malformed;
        }
    }

    public override void Complete(IAnswerSink sink)
    {
        if (_completed)
        {
            return;
        }

        _completed = true;
        foreach (var (index, choice) in _choices)
        {
            choice.End(sink);
            sink.Finish(new AnswerFinish(index, GeminiFinish.Read(choice.Finish ?? "STOP", choice.HasCalls)));
        }
    }

    private DecodeStep ReadChunk(GeminiChunk chunk, ReadOnlySpan<byte> data, IAnswerSink sink)
    {
        if (chunk.Error.TokenType != JsonTokenType.None || !chunk.IsObject)
        {
            Error = GeminiErrors.Read(data);
            return Error is null ? DecodeStep.Malformed : DecodeStep.Error;
        }

        if (!chunk.IsOurs)
        {
            return DecodeStep.Malformed;
        }

        HasAnswer |= chunk.Candidates.TokenType != JsonTokenType.None || chunk.BlockReason is not null;
        Start(chunk, sink);
        var step = ReadCandidates(chunk.Candidates, data, sink);
        var usage = chunk.Usage;
        if (usage.TokenType == JsonTokenType.StartObject && GeminiUsage.Read(ref usage) is { } counts)
        {
            sink.Usage(counts);
        }

        if (chunk.BlockReason is not null && _choices.Count == 0)
        {
            // The prompt was blocked: there will be no candidates.
            ChoiceAt(0).Finish = "PROHIBITED_CONTENT";
        }

        return step;
    }

    private void Start(GeminiChunk chunk, IAnswerSink sink)
    {
        if (!_started)
        {
            _started = true;
            var created = DateTimeOffset.TryParse(chunk.CreateTime, CultureInfo.InvariantCulture, out var time) ? time.ToUnixTimeSeconds() : 0;
            sink.Start(new AnswerStart(chunk.Id ?? "", chunk.Model ?? "", Math.Max(0, created)));
        }
    }

    private DecodeStep ReadCandidates(Utf8JsonReader reader, ReadOnlySpan<byte> data, IAnswerSink sink)
    {
        var step = DecodeStep.Continue;
        while (reader.TokenType != JsonTokenType.None && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var candidate = GeminiCandidate.Read(ref reader);
            var choice = ChoiceAt(candidate.Index);
            ReadParts(candidate.Parts, choice, data, sink);
            if (candidate.FinishReason is { } word && GeminiFinish.IsFailure(word))
            {
                Error = new AnswerError(502, candidate.FinishMessage ?? $"The model's answer ended with {word}.") { Type = word };
                step = DecodeStep.Error;
            }

            choice.Finish = candidate.FinishReason ?? choice.Finish;
        }

        return step;
    }

    private void ReadParts(Utf8JsonReader reader, GeminiChoice choice, ReadOnlySpan<byte> data, IAnswerSink sink)
    {
        while (reader.TokenType != JsonTokenType.None && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                choice.Add(GeminiPart.Read(ref reader), data, _text, sink);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private GeminiChoice ChoiceAt(int index)
    {
        if (!_choices.TryGetValue(index, out var choice))
        {
            _choices.Add(index, choice = new GeminiChoice(index, _counter));
        }

        return choice;
    }
}

/// <summary>Parts are numbered over all choices.</summary>
internal sealed class GeminiPartCounter
{
    private int _next;

    public int Next() => _next++;
}
