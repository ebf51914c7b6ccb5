using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>Writes the response object, whole or on its way.</summary>
internal sealed class ResponseObject(AnswerContext context, in AnswerStart start)
{
    private readonly ResponseEcho _echo = new(context);
    private readonly string _id = IdOf(context, start.Id);
    private readonly string _model = start.Model.Length > 0 ? start.Model : context.Request.Model;
    private readonly long _created = start.Created > 0 ? start.Created : context.Now;

    public static string IdOf(AnswerContext context, string upstreamId) => context.ResponseId
        ?? (upstreamId.StartsWith("resp_", StringComparison.Ordinal) && upstreamId.Length <= 256 && upstreamId.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? upstreamId
            : $"resp_{context.Seed}");

    /// <param name="json">Where a value may stand.</param>
    /// <param name="status">queued, in_progress, completed, incomplete, failed or cancelled.</param>
    /// <param name="incompleteReason">For incomplete.</param>
    /// <param name="error">For failed.</param>
    public void Write(
        Utf8JsonWriter json, string status, IReadOnlyList<OutputItem> output, TokenUsage? usage = null, string? incompleteReason = null, ClientError? error = null)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, _id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, _created);
        json.WriteString("status"u8, status);
        if (status == "completed")
        {
            json.WriteNumber("completed_at"u8, Math.Max(_created, context.Now));
        }
        else
        {
            json.WriteNull("completed_at"u8);
        }

        WriteEnd(json, incompleteReason, error);
        json.WriteString("model"u8, _model);
        json.WriteStartArray("output"u8);
        foreach (var item in output)
        {
            OutputItemWriter.Write(json, item, item.IsDone ? "completed"u8 : "incomplete"u8);
        }

        json.WriteEndArray();
        ResponsesUsage.Write(json, usage);
        _echo.Write(json);
        json.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter json, string? incompleteReason, ClientError? error)
    {
        if (error is null)
        {
            json.WriteNull("error"u8);
        }
        else
        {
            json.WriteStartObject("error"u8);
            json.WriteString("code"u8, error.Code);
            json.WriteString("message"u8, error.Message);
            json.WriteEndObject();
        }

        if (incompleteReason is null)
        {
            json.WriteNull("incomplete_details"u8);
        }
        else
        {
            json.WriteStartObject("incomplete_details"u8);
            json.WriteMember("reason", incompleteReason);
            json.WriteEndObject();
        }
    }
}
