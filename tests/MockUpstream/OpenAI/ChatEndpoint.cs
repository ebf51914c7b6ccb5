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
        if (await ReadAsync(exchange) is not { } asked)
        {
            return;
        }

        if (!keyIsKnown)
        {
            OpenAIAnswers.SendWrongKey(exchange);
            return;
        }

        var (request, script, tools) = asked;
        if (!script.Straight && !await PrepareAsync(exchange, script))
        {
            return;
        }

        var answer = AnswerTo(request, script, tools);
        var values = new AnswerValues(mock.Traffic.NextAnswer(), request.PromptTokens);
        if (answer.Body is null)
        {
            await (script.Straight
                ? EventSender.SendStraightAsync(exchange, script, answer.ContentType, answer.Frames, values)
                : EventSender.SendPacedAsync(exchange, script, answer.ContentType, answer.Frames, values));
        }
        else if (script.Straight)
        {
            PlainSender.SendStraight(exchange, script, answer.ContentType, answer.Body, values);
        }
        else
        {
            await PlainSender.SendPacedAsync(exchange, script, answer.ContentType, answer.Body.ToArray(values));
        }
    }

    /// <summary>Reads the request and finds its script; null when it has been refused.</summary>
    private async ValueTask<(ChatRequest Request, Script Script, string? Tools)?> ReadAsync(Exchange exchange)
    {
        var reader = exchange.Context.Request.BodyReader;
        var read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }

        try
        {
            return Understand(exchange, read.Buffer);
        }
        catch (JsonException e)
        {
            OpenAIAnswers.SendError(exchange, 400, $"The body is not valid JSON: {e.Message}", "invalid_request_error", "invalid_json");
            return null;
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    private (ChatRequest Request, Script Script, string? Tools)? Understand(Exchange exchange, in ReadOnlySequence<byte> body)
    {
        if (exchange.Recorded)
        {
            exchange.RecordBody(body.ToArray());
        }

        var request = ChatRequest.Read(body, _models);
        exchange.RecordModel(request.Model);
        if (request.Model is null || !request.HasMessages)
        {
            var missing = request.Model is null ? "model" : "messages";
            OpenAIAnswers.Send(exchange, 400, OpenAIErrors.Body($"'{missing}' is missing.", "invalid_request_error", "missing_required_parameter", missing));
            return null;
        }

        if (mock.Options.StrictModels && !mock.Options.Models.Contains(request.Model) && !ModelName.IsScript(request.Model))
        {
            OpenAIAnswers.SendUnknownModel(exchange, request.Model);
            return null;
        }

        var script = mock.Scripts.Resolve(request.Model, exchange.Key);
        return (request, script, CallsTools(request, script) ? string.Join(',', ChatRequest.ToolNames(body)) : null);
    }

    /// <summary>Plays what comes before the answer; false when that was all.</summary>
    private static async Task<bool> PrepareAsync(Exchange exchange, Script script)
    {
        if (script.Defect is { } defect)
        {
            OpenAIAnswers.SendError(exchange, 400, defect, "invalid_request_error", "mock_unknown_knob");
            return false;
        }

        return await Prelude.PlayAsync(exchange, script.Behaviour) && !OpenAIAnswers.TrySendScriptedError(exchange, script);
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
}
