using AIHigress.Gateway.Features.Responses;
using AIHigress.Gateway.Features.Responses.Background;
using AIHigress.Wire.OpenAI.Responses.Stored;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>Keeps the row of one background run up to date: its lease, its events in batches, its end.</summary>
internal sealed partial class RunKeeper(
    ResponseRun run, BackgroundResponses background, ResponseEventStore events, TimeProvider time, ILogger logger)
{
    private const int FinishTries = 6;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LeaseInterval = TimeSpan.FromMilliseconds(750);

    private long _stored;
    private bool _isAway;
    private ReadOnlyMemory<byte> _body = run.Queued.Body;

    /// <summary>False when it was ended before it began.</summary>
    public async Task<bool> TryBeginAsync(ReadOnlyMemory<byte> body)
    {
        _body = body;
        try
        {
            return await background.BeginAsync(run.UserId, run.Id, body, CancellationToken.None);
        }
        catch (ResponsesUnavailableException e)
        {
            // It was stored a moment ago. The work goes on; its end will be stored when the database is back.
            NoteAway(e);
            return true;
        }
    }

    /// <summary>Until the run is over: stores new events, renews the lease, and stops the run when somebody ended it.</summary>
    public async Task KeepAsync(CancellationToken over)
    {
        var renewed = time.GetTimestamp();
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(FlushInterval, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!over.IsCancellationRequested && time.GetElapsedTime(renewed) >= LeaseInterval)
                {
                    renewed = time.GetTimestamp();
                    if (!await background.RenewAsync(run.UserId, run.Id, CancellationToken.None))
                    {
                        await run.StopAsync();
                        return;
                    }
                }

                await FlushAsync();
                _isAway = false;
            }
            catch (ResponsesUnavailableException e)
            {
                NoteAway(e);
            }
        }
    }

    /// <summary>Gives the run its last event and stores how it ended. Never fails.</summary>
    public async Task FinishAsync(RunOutput output)
    {
        var end = run.Events.End ?? End(output);
        var response = run.Queued with
        {
            State = StateOf(end.Type),
            Body = end.Response,
            Output = ResponsesItems.ReadOutput(end.Response, run.Id["resp_".Length..]),
            ProviderId = run.ProviderId,
            ProviderKeyId = run.ProviderKeyId,
        };
        for (var tries = 1; ; tries++)
        {
            try
            {
                await background.FinishAsync(response, _stored, run.Events.From(_stored).Events, CancellationToken.None);
                break;
            }
            catch (ResponsesUnavailableException e) when (tries < FinishTries)
            {
                NoteAway(e);
                await Task.Delay(TimeSpan.FromSeconds(tries), time, CancellationToken.None);
            }
            catch (ResponsesUnavailableException e)
            {
                RunNotStored(logger, run.Id, e);
                break;
            }
        }

        run.Events.Complete();
    }

    // The pipeline's stream had no end of its own: it was stopped, refused, or broke.
    private ResponseEvent End(RunOutput output)
    {
        var (type, body) = run.Stopped.IsCancellationRequested
            ? ("response.cancelled", ResponseEnds.Cancelled(_body))
            : ("response.failed", ResponseEnds.Failed(_body, ResponseHead.ErrorOf(output.Error)));
        var end = ResponseEvent.Of(type, run.Events.Count, body.Span);
        run.Events.Add(end);
        return end;
    }

    private async Task FlushAsync()
    {
        var (fresh, _, _) = run.Events.From(_stored);
        if (fresh.Count > 0)
        {
            await events.AppendAsync(run.UserId, run.Id, _stored, fresh, CancellationToken.None);
            _stored += fresh.Count;
        }
    }

    private static ResponseState StateOf(string type) => type switch
    {
        "response.completed" => ResponseState.Completed,
        "response.incomplete" => ResponseState.Incomplete,
        "response.cancelled" => ResponseState.Cancelled,
        _ => ResponseState.Failed,
    };

    private void NoteAway(ResponsesUnavailableException e)
    {
        if (!_isAway)
        {
            _isAway = true;
            StorageAway(logger, run.Id, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not take the background response {Id}; it runs on and is stored later")]
    private static partial void StorageAway(ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of the background response {Id} could not be stored; it will count as failed")]
    private static partial void RunNotStored(ILogger logger, string id, Exception exception);
}
