using System.Text.Json;

namespace AIHigress.TestKit.Grammar.Responses;

/// <summary>response.created, response.in_progress, the items, one terminal event; every event numbered.</summary>
internal sealed class ResponsesStream
{
    private readonly ResponseItems _items = new();
    private Node? _created;
    private bool _inProgress;
    private long _next;
    private SeenAnswer? _end;
    private SeenError? _error;

    public void Take(SseFrame frame)
    {
        if (frame.Data == "[DONE]")
        {
            throw new GrammarException(frame.Number, "done-marker", frame.Data);
        }

        var body = Node.Parse(frame.Number, frame.Data);
        var type = body.Name("type", "event-type");
        body.Require(frame.Name == type, "event-name");
        body.Require(_end is null, "after-terminal");
        body.Require(body.Count("sequence_number", "sequence") == _next, "sequence");
        _next++;
        body.Require(_error is null || type == "response.failed", "after-error");
        if (type == "error")
        {
            _error = new SeenError(type, body.TextOrNull("code", "error-shape"), body.Name("message", "error-shape"));
        }
        else if (_created is null)
        {
            body.Require(type == "response.created", "created-first");
            _created = Opening(body);
        }
        else
        {
            TakeRest(type, body);
        }
    }

    public SeenAnswer End(int number)
    {
        if (_end is null && _error is null)
        {
            throw new GrammarException(number, "terminal-missing", "the stream ends without a terminal event");
        }

        return _end is not null
            ? _end with { Error = _error ?? _end.Error }
            : new SeenAnswer
            {
                Id = _created?.Text("id"),
                Model = _created?.Text("model"),
                Choices = _created is null ? [] : [new SeenChoice(0, null, _items.Seen)],
                Error = _error,
            };
    }

    private static Node Opening(Node body)
    {
        var response = body.Object("response");
        ResponseShape.CheckMembers(response);
        response.Require(response.Text("status") is "in_progress" or "queued", "status");
        response.Require(!response.Array("output").Items().Any(), "opening-output");
        response.Require(!response.Has("usage") && !response.Has("error"), "opening-usage");
        return response;
    }

    private void TakeRest(string type, Node body)
    {
        switch (type)
        {
            case "response.created":
                throw body.Fault("created-once");
            case "response.queued":
                body.Require(!_inProgress, "in-progress-second");
                CheckSame(Opening(body));
                break;
            case "response.in_progress":
                body.Require(!_inProgress, "in-progress-second");
                CheckSame(Opening(body));
                _inProgress = true;
                break;
            case "response.completed" or "response.incomplete" or "response.cancelled" or "response.failed":
                Finish(type, body);
                break;
            default:
                body.Require(_inProgress, "in-progress-second");
                _items.Take(type, body);
                break;
        }
    }

    private void CheckSame(Node response)
    {
        response.Require(response.Text("id") == _created!.Value.Text("id"), "same-id");
        response.Require(response.Text("model") == _created!.Value.Text("model"), "same-model");
        response.Require(JsonElement.DeepEquals(response.Member("created_at").Value, _created!.Value.Member("created_at").Value), "same-created");
    }

    private void Finish(string type, Node body)
    {
        var isEarly = type is "response.failed" or "response.cancelled";
        body.Require(_inProgress || isEarly, "in-progress-second");
        var response = body.Object("response");
        ResponseShape.CheckMembers(response);
        CheckSame(response);
        response.Require($"response.{response.Text("status")}" == type, "terminal-status");
        if (!isEarly)
        {
            _items.CheckAllDone(body);
            _items.CheckSame(response.Array("output"));
        }

        var end = ResponseShape.ReadEnded(response);

        // A response that failed lists what was done by then, or nothing; the client has seen the deltas.
        _end = isEarly ? end with { Choices = [end.Choices[0] with { Parts = _items.Seen }] } : end;
    }
}
