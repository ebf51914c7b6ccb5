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
    AttemptLoop attempts,
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
        using var parts = new StreamParts(attempt, stream);
        var end = await RelayAsync(context, log, parts);
        stream = parts.Stream;
        log.Usage = stream.Tap.Usage;
        NoteSeals(log, stream.Tap.Seals);
        log.BytesOut = parts.BytesBefore + end.Bytes;
        recorder.CountMissing(log, stream.Tap.Text);
        if (end.Failure is null && log.Usage?.Output is > 0 and var tokens && log.ElapsedMs - parts.Attempt.StartMs - parts.Attempt.TtftMs is > 0 and var spokenMs)
        {
            parts.Attempt.Candidate.State.Measured.AddSpeed(tokens * 1000d / spokenMs);
        }

        recorder.AddDelivered(log, parts.TextBefore);
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

    /// <summary>Relays the stream, and what others add to it when its upstream dies and the model allows that.</summary>
    private async Task<StreamEnd> RelayAsync(HttpContext context, ExchangeLog log, StreamParts parts)
    {
        while (true)
        {
            var (attempt, stream) = (parts.Attempt, parts.Stream);
            var end = await relay.RunAsync(stream, context.Response, attempt.Times.Idle, attempt.Candidate.Upstream.Provider, attempt.Lease.Key);
            log.AddAttempt(attempt, end.Failure, StatusCodes.Status200OK);
            if (end.Failure is not { } failure)
            {
                stream.IsAnswered = true;
                AttemptFeedback.Answered(attempt, log);
                return end;
            }

            // At once: what the upstream still makes is paid for and goes nowhere.
            stream.StopUpstream();
            feedback.Failed(attempt, log, failure);
            if (!failure.CanFailOver || stream.Tap.Continued is not { CanGoOn: true } answer)
            {
                return end;
            }

            var at = log.Attempts;
            if (await relay.WhileWaitingAsync(context.Response, stream.Tap.Ping, () => attempts.ContinueAsync(attempt, answer)) is not { } next)
            {
                return end;
            }

            log.Note(at - 1, $"continued_by {next.Candidate.Upstream.Provider.Id}/{next.Candidate.Upstream.Model}");
            parts.GoOn(next, end.Bytes);
        }
    }

    private void NoteSeals(ExchangeLog log, IReadOnlyList<Seal> seals) =>
        makers.Note(seals, log.Served!.Upstream.Provider.Id, log.ServedKey?.Id);
}
