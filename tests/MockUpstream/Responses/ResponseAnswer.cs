using System.Text.Json;
using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Responses;

/// <summary>A reply as OpenAI's response object, whole or as events.</summary>
internal sealed class ResponseAnswer
{
    private const long Created = 1_700_000_000;

    private readonly ResponsesRequest _request;
    private readonly Reply _reply;
    private readonly Behaviour _behaviour;
    private readonly string _end;
    private readonly string? _incomplete;

    public ResponseAnswer(ResponsesRequest request, Reply reply, Behaviour behaviour, string server, long ordinal)
    {
        (_request, _reply, _behaviour) = (request, reply, behaviour);
        Id = $"resp_{server}_{ordinal}";
        (_end, _incomplete) = behaviour.FinishReason switch
        {
            null when reply.End == ReplyEnd.Length => ("incomplete", "max_output_tokens"),
            "length" => ("incomplete", "max_output_tokens"),
            null or "stop" or "tool_calls" or "completed" => ("completed", null),
            "failed" => ("failed", null),
            var other => ("incomplete", other),
        };
        Items = [.. OutputItems($"{server}_{ordinal}", request.WantsEncryptedReasoning ? Signatures.Make(server, ordinal) : null)];
        Calls = [.. reply.Calls.Select((_, i) => CallId($"{server}_{ordinal}", i))];
    }

    public string Id { get; }

    public IReadOnlyList<ResponseItem> Items { get; }

    /// <summary>The ids of its tool calls.</summary>
    public IReadOnlyList<string> Calls { get; }

    /// <summary>The whole response; a failed one if an error is to break it off.</summary>
    public string Body() => Body(_behaviour.ErrorAfter is null ? _end : "failed");

    /// <summary>The response in a state other than its last: nothing of the output is there.</summary>
    public string Body(string status)
    {
        var ended = status == _end;
        return Object(
        [
            ("id", Quote(Id)),
            ("object", "\"response\""),
            ("created_at", Created.ToString()),
            ("status", Quote(status)),
            ("background", Bool(_request.Background)),
            ("error", status == "failed" ? Object(("code", Quote(_behaviour.ErrorCode ?? "server_error")), ("message", Quote(_behaviour.ErrorMessage ?? "The mock was told to fail here."))) : "null"),
            ("incomplete_details", ended && _incomplete is not null ? Object(("reason", Quote(_incomplete))) : "null"),
            ("output", ended && status != "failed" ? Array(Items.Select(item => item.Whole)) : "[]"),
            .. Echo(),
            ("usage", ended && status != "failed" && _behaviour.Usage != UsageShape.Absent ? Usage() : "null"),
        ]);
    }

    public IReadOnlyList<StreamEvent> Events()
    {
        var steps = new List<ResponseStep>();
        void Whole(string type, string status) => steps.Add(new ResponseStep(type, ("response", Body(status))));

        Whole("response.created", _request.Background ? "queued" : "in_progress");
        if (_request.Background)
        {
            Whole("response.queued", "queued");
        }

        Whole("response.in_progress", "in_progress");
        for (var i = 0; i < Items.Count && _end != "failed"; i++)
        {
            steps.AddRange(Items[i].Steps(i));
        }

        if (_behaviour.NoFinish != true)
        {
            Whole($"response.{_end}", _end);
        }

        return [.. steps.Select(Number)];
    }

    public static StreamEvent Error(Behaviour behaviour, int number) => Number(
        new ResponseStep(
            "error",
            ("code", Quote(behaviour.ErrorCode ?? behaviour.ErrorStatus?.ToString() ?? "server_error")),
            ("message", Quote(behaviour.ErrorMessage ?? "The mock was told to fail here.")),
            ("param", "null")),
        number);

    private static StreamEvent Number(ResponseStep step, int number) =>
        new(Object([("type", Quote(step.Type)), ("sequence_number", number.ToString()), .. step.Members]), step.Type);

    private IEnumerable<ResponseItem> OutputItems(string place, string? encrypted)
    {
        if (_reply.Thoughts.Count > 0)
        {
            yield return ResponseItem.Reasoning(_reply, $"rs_{place}", encrypted);
        }

        if (_reply.Calls.Count == 0)
        {
            yield return ResponseItem.Message(_reply, $"msg_{place}", _end == "incomplete" ? "incomplete" : "completed");
        }

        for (var i = 0; i < _reply.Calls.Count; i++)
        {
            yield return ResponseItem.Call(_reply.Calls[i], $"fc_{place}_{i + 1}", CallId(place, i));
        }
    }

    private static string CallId(string place, int index) => $"call_{place}_{index + 1}";

    /// <summary>What the request said, or what holds when it said nothing.</summary>
    private IEnumerable<(string Name, string? Json)> Echo()
    {
        string Said(string name, string otherwise) => _request.Body.Get(name)?.GetRawText() ?? otherwise;
        yield return ("instructions", Said("instructions", "null"));
        yield return ("max_output_tokens", Said("max_output_tokens", "null"));
        yield return ("model", Quote(_request.Model));
        yield return ("parallel_tool_calls", Said("parallel_tool_calls", "true"));
        yield return ("previous_response_id", Said("previous_response_id", "null"));
        yield return ("reasoning", Said("reasoning", """{"effort":null,"summary":null}"""));
        yield return ("service_tier", "\"default\"");
        yield return ("store", Bool(_request.Store));
        yield return ("temperature", Said("temperature", "1.0"));
        yield return ("text", Said("text", """{"format":{"type":"text"}}"""));
        yield return ("tool_choice", Said("tool_choice", "\"auto\""));
        yield return ("tools", Said("tools", "[]"));
        yield return ("top_p", Said("top_p", "1.0"));
        yield return ("truncation", Said("truncation", "\"disabled\""));
        yield return ("user", Said("user", "null"));
        yield return ("metadata", Said("metadata", "{}"));
    }

    private string Usage()
    {
        var usage = _reply.Usage;
        var written = _behaviour.CacheWriteTokens is { } tokens ? tokens.ToString() : null;
        return Object(
            ("input_tokens", usage.Prompt.ToString()),
            ("input_tokens_details", Object(("cached_tokens", usage.Cached.ToString()), ("cache_write_tokens", written))),
            ("output_tokens", usage.Completion.ToString()),
            ("output_tokens_details", Object(("reasoning_tokens", usage.Reasoning.ToString()))),
            ("total_tokens", (usage.Prompt + usage.Completion).ToString()));
    }
}
