using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>What an answer depends on, but for the numbers in the holes.</summary>
/// <param name="Most">Content chunks allowed by the request's token limit, or -1.</param>
/// <param name="Tools">Names of the tools offered, comma separated; null unless tools are called.</param>
internal readonly record struct ChatAnswerKey(Script Script, string Model, bool Stream, bool IncludeUsage, int Most, string? Tools);

/// <summary>An answer worked out beforehand: the body, or the frames of the stream.</summary>
internal sealed class ChatAnswer
{
    private readonly Behaviour _behaviour;
    private readonly ChatAnswerKey _key;
    private readonly ChatJson _json;
    private readonly ToolCalls? _tools;
    private readonly IReadOnlyList<string> _pieces = [];
    private readonly IReadOnlyList<string> _thoughts;
    private readonly string _finish;
    private readonly int _completionTokens;

    public ChatAnswer(ChatAnswerKey key, string server)
    {
        _behaviour = key.Script.Behaviour;
        _key = key;
        _json = new ChatJson(server, key.Model);
        _thoughts = Words.Thoughts(_behaviour);
        var calls = key.Tools is { } names
            ? ScriptedCalls.Of(_behaviour, [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new OfferedTool(name))])
            : [];
        if (calls.Count > 0)
        {
            _tools = new ToolCalls(_behaviour, calls);
        }
        else
        {
            _pieces = Words.Pieces(_behaviour);
        }

        var cut = key.Most >= 0 && key.Most < _pieces.Count;
        _pieces = cut ? [.. _pieces.Take(key.Most)] : _pieces;
        _finish = _behaviour.FinishReason ?? (_tools is not null ? "tool_calls" : cut ? "length" : "stop");
        _completionTokens = _behaviour.CompletionTokens ?? _thoughts.Count + _pieces.Count + (_tools?.Deltas().Count() ?? 0);
        var defects = new ContentDefects(_behaviour, key.Stream ? "text/event-stream" : "application/json");
        ContentType = defects.Type;
        if (key.Stream && _behaviour.Garbage != "html")
        {
            var framing = new EventFraming(_behaviour);
            Frames = framing.Frames(
                defects.Break([.. Events().Select(data => new StreamEvent(data))], framing.Event, _ => new StreamEvent(ErrorInside())), _completionTokens);
        }
        else
        {
            Body = new Template(defects.Break(PlainBody(), ErrorInside), _completionTokens);
        }
    }

    public string ContentType { get; }

    /// <summary>The whole body, unless it is a stream.</summary>
    public Template? Body { get; }

    public Frame[] Frames { get; } = [];

    private string Text => string.Concat(_pieces);

    /// <summary>Usage as every chunk carries it before the one that counts: OpenAI sends null when usage was asked for.</summary>
    private string? NoUsageYet => _key.IncludeUsage && ReportsUsage ? "null" : null;

    private bool ReportsUsage => _behaviour.Usage != UsageShape.Absent;

    private bool StreamsUsage => ReportsUsage && (_key.IncludeUsage || _behaviour.UsageForced == true);

    private string ErrorInside() => OpenAIErrors.Shape.Json(MockError.Inside(_behaviour), requestId: "");

    private string Usage(int completion) => ChatUsage.Json(_behaviour, completion, _behaviour.ReasoningTokens ?? _thoughts.Count);

    private string PlainBody()
    {
        var refused = _behaviour.Refusal == true;
        var message = JsonText.Object(
            ("role", "\"assistant\""),
            ("reasoning_content", _thoughts.Count > 0 ? JsonText.Quote(string.Concat(_thoughts)) : null),
            ("content", refused || _tools is not null ? "null" : JsonText.Quote(Text)),
            ("refusal", refused ? JsonText.Quote(Text) : "null"),
            ("tool_calls", _tools?.Member()));
        return _json.Answer(message, _finish, ReportsUsage ? Usage(_completionTokens) : null);
    }

    private IEnumerable<string> Events()
    {
        var content = _tools is null && _behaviour.Refusal != true ? "\"\"" : "null";
        yield return _json.Chunk($$"""{"role":"assistant","content":{{content}},"refusal":null}""", null, NoUsageYet);
        var said = _behaviour.Refusal == true ? "refusal" : "content";
        var deltas = _thoughts.Select(t => JsonText.Object(("reasoning_content", JsonText.Quote(t))))
            .Concat(_pieces.Select(p => JsonText.Object((said, JsonText.Quote(p)))))
            .Concat(_tools?.Deltas() ?? []);
        foreach (var delta in deltas)
        {
            yield return _json.Chunk(delta, null, NoUsageYet);
        }

        if (_behaviour.NoFinish != true)
        {
            yield return _json.Chunk("{}", _finish, FinishUsage());
        }

        if (StreamsUsage && _behaviour.Usage != UsageShape.WithChoices)
        {
            yield return _json.UsageChunk(Usage(_completionTokens));
        }

        if (_behaviour.NoDone != true)
        {
            yield return "[DONE]";
        }
    }

    private string? FinishUsage() => (StreamsUsage, _behaviour.Usage) switch
    {
        (true, UsageShape.WithChoices) => Usage(_completionTokens),
        (true, UsageShape.Twice) => ChatUsage.Json(_behaviour, _completionTokens / 2, 0),
        _ => NoUsageYet,
    };
}
