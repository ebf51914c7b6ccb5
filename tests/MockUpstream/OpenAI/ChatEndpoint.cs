using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(MockState mock)
{
    private const int MostKept = 1024;

    private readonly ConcurrentDictionary<ChatAnswerKey, ChatAnswer> _answers = new();
    private readonly ModelIds _models = new();

    public async Task HandleAsync(Exchange exchange, bool keyIsKnown)
    {
        var asked = Read(exchange, keyIsKnown);
        if (asked.Refusal is { } refusal)
        {
            await ErrorAnswers.SendAsync(exchange, OpenAIErrors.Shape, refusal);
            return;
        }

        var (script, request) = (asked.Script!, asked.Request);
        if (!script.Straight && !await ErrorAnswers.PrepareAsync(exchange, script, OpenAIErrors.Shape))
        {
            return;
        }

        var answer = AnswerTo(request, script, asked.Tools);
        var values = new AnswerValues(mock.Traffic.NextAnswer(), request.PromptTokens);
        if (answer.Body is null)
        {
            await (script.Straight
                ? EventSender.SendStraightAsync(exchange, script, answer.ContentType, answer.Frames, values)
                : EventSender.SendPacedAsync(exchange, script, answer.ContentType, answer.Frames, values));
        }
        else if (script.Straight)
        {
            await PlainSender.SendStraightAsync(exchange, script, answer.ContentType, answer.Body, values);
        }
        else
        {
            await PlainSender.SendPacedAsync(exchange, script, answer.ContentType, answer.Body.ToArray(values));
        }
    }

    private Asked Read(Exchange exchange, bool keyIsKnown)
    {
        try
        {
            return Understand(exchange, keyIsKnown, exchange.Body);
        }
        catch (JsonException e)
        {
            return Asked.Refused(new MockError(400, $"The body is not valid JSON: {e.Message}") { Code = "invalid_json" });
        }
        finally
        {
            exchange.ReleaseBody();
        }
    }

    private Asked Understand(Exchange exchange, bool keyIsKnown, in ReadOnlySequence<byte> body)
    {
        var request = ChatRequest.Read(body, _models);
        exchange.RecordModel(request.Model);
        if (!keyIsKnown)
        {
            return Asked.Refused(OpenAIErrors.WrongKey);
        }

        if (request.Model is null || !request.HasMessages)
        {
            var missing = request.Model is null ? "model" : "messages";
            return Asked.Refused(new MockError(400, $"'{missing}' is missing.") { Code = "missing_required_parameter", Param = missing });
        }

        if (!mock.Knows(request.Model))
        {
            return Asked.Refused(OpenAIErrors.UnknownModel(request.Model));
        }

        if (request.NeedsCheck && ChatCheck.Defect(body) is { } defect)
        {
            return Asked.Refused(defect);
        }

        var script = mock.Scripts.Resolve(request.Model, exchange.Key);
        return new Asked(request, script, ToolsToCall(request, script.Behaviour, body), Refusal: null);
    }

    /// <summary>The names of the tools offered; null when the answer is to be text. A tool script leaves requests without tools alone.</summary>
    private static string? ToolsToCall(in ChatRequest request, Behaviour behaviour, in ReadOnlySequence<byte> body)
    {
        if (!ScriptedCalls.Wanted(behaviour, request.EndsWithToolResult, request.HasToolResult))
        {
            return null;
        }

        var names = ChatRequest.ToolNames(body);
        return behaviour.ToolScript is not null && names.Count == 0 ? null : string.Join(',', names);
    }

    private ChatAnswer AnswerTo(in ChatRequest request, Script script, string? tools)
    {
        var key = new ChatAnswerKey(
            script, request.Model!, request.Stream, request.Stream && request.IncludeUsage, Most(request, script), tools);
        if (_answers.TryGetValue(key, out var answer))
        {
            return answer;
        }

        if (_answers.Count >= MostKept)
        {
            _answers.Clear();
        }

        return _answers.GetOrAdd(key, k => new ChatAnswer(k, mock.Options.Name));
    }

    /// <summary>Limits that do not bite are all the same, or each would have an answer of its own kept.</summary>
    private static int Most(in ChatRequest request, Script script) =>
        request.MaxTokens is { } most && most < script.Pieces ? most : -1;

    /// <summary>A request understood, or the refusal it gets.</summary>
    private readonly record struct Asked(ChatRequest Request, Script? Script, string? Tools, MockError? Refusal)
    {
        public static Asked Refused(MockError error) => new(default, null, null, error);
    }
}
