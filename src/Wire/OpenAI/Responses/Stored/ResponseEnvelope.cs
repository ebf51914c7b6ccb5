using System.Buffers;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Stored;

/// <summary>Where a response that runs in the background stands.</summary>
public enum ResponseStatus
{
    Queued,
    InProgress,
    Cancelled,
    Failed,
}

/// <summary>Writes response objects without an answer: of background runs that wait, run, were cancelled or failed.</summary>
public static class ResponseEnvelope
{
    /// <param name="context">Its <see cref="AnswerContext.ResponseId"/> is the response's id, its Now the time of creation.</param>
    /// <param name="error">For <see cref="ResponseStatus.Failed"/>.</param>
    public static void Write(AnswerContext context, ResponseStatus status, IBufferWriter<byte> output, ClientError? error = null)
    {
        using var json = JsonOut.NewWriter(output);
        new ResponseObject(context, new AnswerStart("", "", 0)).Write(json, WordOf(status), [], error: error);
        json.Flush();
    }

    /// <summary>The status in the protocol's word.</summary>
    public static string WordOf(ResponseStatus status) => status switch
    {
        ResponseStatus.Queued => "queued",
        ResponseStatus.InProgress => "in_progress",
        ResponseStatus.Cancelled => "cancelled",
        _ => "failed",
    };
}
