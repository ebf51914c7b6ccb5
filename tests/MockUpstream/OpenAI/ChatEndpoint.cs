using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
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
            await OpenAIAnswers.SendAsync(exchange, refusal.Status, refusal.Body);
            return;
        }

        var (script, request) = (asked.Script!, asked.Request);
        if (!script.Straight && !await PrepareAsync(exchange, script))
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
            return Asked.Refused(400, OpenAIErrors.Body($"The body is not valid JSON: {e.Message}", "invalid_request_error", "invalid_json"));
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
            return Asked.Refused(401, OpenAIErrors.WrongKey);
        }

        if (request.Model is null || !request.HasMessages)
        {
            var missing = request.Model is null ? "model" : "messages";
            return Asked.Refused(400, OpenAIErrors.Body($"'{missing}' is missing.", "invalid_request_error", "missing_required_parameter", missing));
        }

        if (mock.Options.StrictModels && !mock.Options.Models.Contains(request.Model) && !ModelName.IsScript(request.Model))
        {
            return Asked.Refused(404, OpenAIErrors.UnknownModel(request.Model));
        }

        var script = mock.Scripts.Resolve(request.Model, exchange.Key);
        return new Asked(request, script, CallsTools(request, script) ? string.Join(',', ChatRequest.ToolNames(body)) : null, Refusal: null);
    }

    /// <summary>Plays what comes before the answer; false when that was all.</summary>
    private static async Task<bool> PrepareAsync(Exchange exchange, Script script)
    {
        if (script.Defect is { } defect)
        {
            await OpenAIAnswers.SendAsync(exchange, 400, OpenAIErrors.Body(defect, "invalid_request_error", "mock_unknown_knob"));
            return false;
        }

        return await Prelude.PlayAsync(exchange, script.Behaviour) && !await OpenAIAnswers.TrySendScriptedErrorAsync(exchange, script);
    }

    /// <summary>Once the tools have answered, the mock speaks; a tool loop would have no end otherwise.</summary>
    private static bool CallsTools(in ChatRequest request, Script script) =>
        script.Behaviour.Tools > 0 && (!request.EndsWithToolResult || script.Behaviour.ToolsAlways == true);

    private ChatAnswer AnswerTo(in ChatRequest request, Script script, string? tools)
    {
        var key = new ChatAnswerKey(
            script, request.Model!, request.Stream, request.Stream && request.IncludeUsage, Most(request, script), tools is not null, tools);
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
    private readonly record struct Asked(ChatRequest Request, Script? Script, string? Tools, (int Status, string Body)? Refusal)
    {
        public static Asked Refused(int status, string body) => new(default, null, null, (status, body));
    }
}
