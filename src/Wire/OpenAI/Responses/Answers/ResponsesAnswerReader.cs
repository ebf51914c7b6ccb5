using System.Runtime.InteropServices;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>Reads a response object.</summary>
internal static class ResponsesAnswerReader
{
    public static AnswerRead Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonTree.TryParse(body);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root)
        {
            return default;
        }

        var status = OutputItemReader.Text(root, "status");
        if (HasError(root) || status is "failed" or "cancelled")
        {
            return new AnswerRead(null, ResponsesErrors.Read(body.Span) ?? new AnswerError(null, status == "cancelled" ? "The response was cancelled." : null));
        }

        return root.TryGetProperty("output", out var output) && output.ValueKind == JsonValueKind.Array
            ? new AnswerRead(ReadAnswer(root, status == "incomplete"), null)
            : default;
    }

    private static bool HasError(JsonElement root) =>
        root.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String;

    private static ModelAnswer ReadAnswer(JsonElement root, bool isIncomplete)
    {
        var seals = new Dictionary<string, Seal>();
        var parts = OutputItemReader.Elements(root, "output").SelectMany(item => OutputItemReader.Read(item, seals)).ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is ToolCallPart call && seals.TryGetValue(call.Id, out var seal))
            {
                parts[i] = call with { Seal = seal };
            }
        }

        var reason = root.TryGetProperty("incomplete_details", out var details) ? OutputItemReader.Text(details, "reason") : null;
        var finish = ResponsesFinish.Read(isIncomplete, reason, parts.Exists(p => p is ToolCallPart), parts.Exists(p => p is RefusalPart));
        return new ModelAnswer
        {
            Id = OutputItemReader.Clean(OutputItemReader.Text(root, "id") ?? ""),
            Model = OutputItemReader.Clean(OutputItemReader.Text(root, "model") ?? ""),
            Created = root.TryGetProperty("created_at", out var created) ? Seconds(created) : 0,
            Choices = [new AnswerChoice(0, parts, finish)],
            Usage = root.TryGetProperty("usage", out var usage) ? ResponsesUsage.Read(JsonMarshal.GetRawUtf8Value(usage)) : null,
        };
    }

    private static long Seconds(JsonElement created) =>
        created.ValueKind == JsonValueKind.Number && created.TryGetDouble(out var seconds) && seconds is > 0 and < 1e15 ? (long)seconds : 0;
}
