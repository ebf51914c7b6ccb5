using System.Buffers;
using AIHigress.Gateway.DataPlane.Attempts;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Responses;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Wire.Translation;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane;

/// <summary>Gives an answer to its client: what must be kept of it is kept before the last byte goes out.</summary>
internal sealed class AnswerDelivery(
    StreamRelay relay,
    AttemptFeedback feedback,
    UsageRecorder recorder,
    SealMakers makers,
    ResponseTurns turns,
    IOptionsMonitor<DataPlaneOptions> options)
{
    public async Task DeliverAsync(HttpContext context, ExchangeLog log, PlainAnswer answer)
    {
        log.Usage = answer.Usage;
        NoteSeals(log, answer.Seals);
        recorder.CountMissing(log, answer.Text.Written);
        answer.Complete(log.Usage);
        log.BytesOut = answer.Body.Length;

        await turns.SaveAsync(log, answer.Body);

        // 7. The record first: an answer that the client has in full is never unaccounted.
        await recorder.RecordAsync(log, StatusCodes.Status200OK, null);
        AnswerHeaders.AddServed(context, log, answer.Headers, options.CurrentValue);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
    }

    public async Task DeliverAsync(HttpContext context, ExchangeLog log, LiveAttempt attempt, OpenedStream stream)
    {
        AnswerHeaders.AddServed(context, log, stream.Headers, options.CurrentValue);
        AnswerHeaders.AddAttempts(context, log.Attempts + 1);
        AnswerHeaders.AddStream(context.Response, stream.Tap.ContentType);
        var end = await relay.RunAsync(stream, context.Response, attempt.Times.Idle, attempt.Candidate.Upstream.Provider, attempt.Lease.Key);
        log.AddAttempt(attempt.Candidate, attempt.Lease.Key, attempt.StartMs, log.TtftMs - attempt.StartMs, end.Failure, StatusCodes.Status200OK);
        if (end.Failure is { } failure)
        {
            // At once: what the upstream still makes is paid for and goes nowhere.
            stream.StopUpstream();
            feedback.Failed(attempt, failure);
        }
        else
        {
            AttemptFeedback.Answered(attempt);
        }

        log.Usage = stream.Tap.Usage;
        NoteSeals(log, stream.Tap.Seals);
        log.BytesOut = end.Bytes;
        recorder.CountMissing(log, stream.Tap.Text);
        var clientGone = end.Failure?.Kind == FailureKind.ClientGone;

        using var last = new PooledBuffer();
        if (!clientGone)
        {
            end.WriteLast(last, log.RequestId, log.Usage);
            await turns.SaveStreamAsync(log, last.Written);
        }

        // 7. As for a plain answer; the end of the stream is its last byte.
        await recorder.RecordAsync(log, StatusCodes.Status200OK, clientGone ? "client_gone" : end.ErrorCode);
        if (!clientGone)
        {
            context.Response.BodyWriter.Write(last.Written.Span);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    private void NoteSeals(ExchangeLog log, IReadOnlyList<Seal> seals) =>
        makers.Note(seals, log.Served!.Upstream.Provider.Id, log.ServedKey?.Id);
}
