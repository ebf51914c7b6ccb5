using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Anthropic;

/// <summary>A reply as Anthropic's message, whole or as events.</summary>
internal sealed class MessageAnswer(MessagesRequest request, Reply reply, Behaviour behaviour, string server, long ordinal)
{
    private static readonly (string Name, string? Json)[] NotStopped = [("stop_reason", "null"), ("stop_sequence", "null"), ("stop_details", "null")];

    private readonly MessageBlock[] _blocks = [.. MessageBlock.Of(reply, server, ordinal)];

    private string StopReason => behaviour.FinishReason ?? reply.End switch
    {
        ReplyEnd.Length => "max_tokens",
        ReplyEnd.ToolCalls => "tool_use",
        ReplyEnd.StopSequence => "stop_sequence",
        ReplyEnd.Refused => "refusal",
        _ => "end_turn",
    };

    private string? StopSequence => StopReason == "stop_sequence" ? reply.StopSequence ?? (request.Question.StopSequences is [var first, ..] ? first : null) : null;

    private bool ReportsUsage => behaviour.Usage != UsageShape.Absent;

    public string Body() => Message(
        Array(_blocks.Select(block => block.Whole)), Stop(), [.. Counts(reply.Usage.Completion), Details()]);

    public IEnumerable<StreamEvent> Events()
    {
        yield return Event("message_start", ("message", Message("[]", NotStopped, Counts(Math.Min(1, reply.Usage.Completion)))));
        yield return Event("ping");
        for (var i = 0; i < _blocks.Length; i++)
        {
            var index = ("index", i.ToString());
            yield return Event("content_block_start", index, ("content_block", _blocks[i].Opening));
            foreach (var delta in _blocks[i].Deltas)
            {
                yield return Event("content_block_delta", index, ("delta", delta));
            }

            yield return Event("content_block_stop", index);
        }

        if (behaviour.NoFinish != true)
        {
            yield return Event(
                "message_delta",
                ("delta", Object(Stop())),
                ("usage", ReportsUsage ? Object([.. Counts(reply.Usage.Completion), Details()]) : null));
        }

        if (behaviour.NoDone != true)
        {
            yield return Event("message_stop");
        }
    }

    private static StreamEvent Event(string type, params IEnumerable<(string Name, string? Json)> members) =>
        new(Object(members.Prepend(("type", Quote(type)))), type);

    private string Message(string content, IEnumerable<(string Name, string? Json)> stop, IEnumerable<(string Name, string? Json)> counts) => Object(
    [
        ("id", Quote($"msg_{server}_{ordinal}")),
        ("type", "\"message\""),
        ("role", "\"assistant\""),
        ("model", Quote(request.Model)),
        ("content", content),
        .. stop,
        ("usage", ReportsUsage ? Object([.. counts, ("cache_creation", CacheCreation()), ("service_tier", "\"standard\"")]) : null),
    ]);

    private IEnumerable<(string Name, string? Json)> Stop()
    {
        yield return ("stop_reason", Quote(StopReason));
        yield return ("stop_sequence", Quote(StopSequence));
        yield return ("stop_details", StopReason == "refusal" ? """{"type":"refusal","category":null,"explanation":null}""" : "null");
    }

    /// <summary>Anthropic counts the cached tokens beside the input, not in it.</summary>
    private IEnumerable<(string Name, string? Json)> Counts(int output)
    {
        var usage = reply.Usage;
        yield return ("input_tokens", Math.Max(0, usage.Prompt - usage.Cached - usage.CacheWrite).ToString());
        yield return ("cache_creation_input_tokens", usage.CacheWrite.ToString());
        yield return ("cache_read_input_tokens", usage.Cached.ToString());
        yield return ("output_tokens", output.ToString());
    }

    private (string Name, string? Json) Details() => ("output_tokens_details", $$"""{"thinking_tokens":{{reply.Usage.Reasoning}}}""");

    private string CacheCreation() => $$"""{"ephemeral_5m_input_tokens":{{reply.Usage.CacheWrite}},"ephemeral_1h_input_tokens":0}""";
}
