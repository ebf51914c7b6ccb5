using System.Collections.Frozen;

namespace AIHigress.TestKit.Grammar.Messages;

/// <summary>message_start; blocks one after the other; message_delta; message_stop. Pings anywhere.</summary>
internal sealed class MessagesStream(int maxBlocks)
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop", "ping", "error");

    private readonly MessageBlocks _blocks = new(maxBlocks);
    private readonly Dictionary<string, long> _usage = [];
    private Node? _message;
    private string? _stop;
    private bool _ended;
    private SeenError? _error;

    public void Take(SseFrame frame)
    {
        var body = Node.Parse(frame.Number, frame.Data);
        var type = body.Name("type", "event-type");
        body.Require(frame.Name == type, "event-name");
        body.Require(Known.Contains(type), "event-type");
        body.Require(!_ended, "after-stop");
        body.Require(_error is null, "after-error");
        switch (type)
        {
            case "ping":
                break;
            case "error":
                body.Require(_stop is null, "error-after-finish");
                _error = MessageShape.ReadError(body);
                break;
            case "message_start":
                Start(body);
                break;
            default:
                body.Require(_message is not null, "start-first");
                TakeBody(type, body);
                break;
        }
    }

    public SeenAnswer End(int number)
    {
        if (_error is null && !_ended)
        {
            throw new GrammarException(number, "stop-missing", "the stream ends without message_stop");
        }

        return new SeenAnswer
        {
            Id = _message?.Text("id"),
            Model = _message?.Text("model"),
            Choices = _message is null ? [] : [new SeenChoice(0, _stop, _blocks.Seen)],
            Usage = _usage,
            Error = _error,
            EndedProperly = _error is null,
        };
    }

    private void Start(Node body)
    {
        body.Require(_message is null, "start-once");
        var message = body.Object("message", "start-shape");
        MessageShape.CheckHead(message, "start-shape");
        message.Require(!message.Array("content").Items().Any() && !message.Has("stop_reason") && !message.Has("stop_sequence"), "start-shape");
        var usage = message.Object("usage", "usage-start");
        usage.Count("input_tokens", "usage-start");
        usage.Count("output_tokens", "usage-start");
        AddUsage(usage);
        _message = message;
    }

    private void TakeBody(string type, Node body)
    {
        if (type == "message_stop")
        {
            body.Require(_stop is not null, "delta-missing");
            _ended = true;
            return;
        }

        body.Require(_stop is null, type == "message_delta" ? "delta-once" : "after-delta");
        switch (type)
        {
            case "content_block_start":
                _blocks.Start(body);
                break;
            case "content_block_delta":
                _blocks.Delta(body);
                break;
            case "content_block_stop":
                _blocks.Stop(body);
                break;
            default:
                Finish(body);
                break;
        }
    }

    private void Finish(Node body)
    {
        body.Require(!_blocks.IsOpen, "delta-open-block");
        var stop = MessageShape.CheckStop(body.Object("delta"), _blocks.HasToolUse);
        _blocks.CheckArguments(stop);
        var usage = body.Object("usage", "usage-delta");
        usage.Require(usage.Count("output_tokens", "usage-delta") >= _usage.Of("output_tokens"), "usage-shrinks");
        AddUsage(usage);
        _stop = stop;
    }

    /// <summary>The counts of message_delta are totals and replace those of the start.</summary>
    private void AddUsage(Node usage)
    {
        foreach (var (name, count) in UsageNumbers.Read(usage))
        {
            _usage[name] = count;
        }
    }
}
