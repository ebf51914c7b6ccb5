using System.Text.Json;
using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Responses;

/// <summary>
/// A response that can be asked for later. One in the background goes a step each time it is looked at: queued,
/// in progress, done.
/// </summary>
internal sealed class StoredResponse(ResponsesRequest request, ResponseAnswer answer, string? gate)
{
    private readonly Lock _stepping = new();
    private State _state = request.Background ? State.Queued : State.Done;

    private enum State
    {
        Queued,
        InProgress,
        Done,
        Cancelled,
    }

    public string Id => answer.Id;

    /// <summary>The gate that holds its end back.</summary>
    public string? Gate => gate;

    public bool IsBackground => request.Background;

    public IEnumerable<string> ItemIds => answer.Items.Select(item => item.Id);

    /// <summary>Its tool calls, which what follows must answer.</summary>
    public IReadOnlyList<string> OpenCalls => answer.Calls;

    /// <summary>There is a tool's result in the conversation up to here.</summary>
    public bool HasToolResult => request.Question.HasToolResult;

    public IReadOnlyList<StreamEvent> Events => answer.Events();

    /// <summary>The response as it is now.</summary>
    public string Body
    {
        get
        {
            lock (_stepping)
            {
                return _state switch
                {
                    State.Queued => answer.Body("queued"),
                    State.InProgress => answer.Body("in_progress"),
                    State.Cancelled => answer.Body("cancelled"),
                    _ => answer.Body(),
                };
            }
        }
    }

    /// <summary>Goes a step, the last one only if <paramref name="mayEnd"/>.</summary>
    public void Step(Func<bool> mayEnd)
    {
        lock (_stepping)
        {
            _state = _state switch
            {
                State.Queued => State.InProgress,
                State.InProgress when mayEnd() => State.Done,
                _ => _state,
            };
        }
    }

    /// <summary>Cancels it unless it is done.</summary>
    public void Cancel()
    {
        lock (_stepping)
        {
            _state = _state == State.Done ? State.Done : State.Cancelled;
        }
    }

    /// <summary>The input as items, each with an id, in the order they came.</summary>
    public IReadOnlyList<(string Id, string Json)> Input()
    {
        var input = request.Body.GetProperty("input");
        return input.ValueKind == JsonValueKind.String
            ? [(InputId(0), Message(InputId(0), "user", PartOf("input_text", input.GetString()!)))]
            : [.. request.Body.List("input").Select(Numbered)];
    }

    private (string Id, string Json) Numbered(JsonElement item, int i)
    {
        var id = item.Text("id") ?? InputId(i);
        if (item.Text("role") is not { } role)
        {
            return (id, item.Text("id") is null ? $"{{\"id\":{Quote(id)},{item.GetRawText().TrimStart()[1..]}" : item.GetRawText());
        }

        var content = item.Text("content") is { } text
            ? PartOf(role == "assistant" ? "output_text" : "input_text", text)
            : item.GetProperty("content").GetRawText();
        return (id, Message(id, role, content));
    }

    private string InputId(int i) => $"msg_{Id}_in{i + 1}";

    private static string PartOf(string type, string text) => $"[{Object(("type", Quote(type)), ("text", Quote(text)))}]";

    private static string Message(string id, string role, string content) => Object(
        ("id", Quote(id)), ("type", "\"message\""), ("status", "\"completed\""), ("content", content), ("role", Quote(role)));
}
