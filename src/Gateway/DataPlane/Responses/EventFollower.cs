using AIHigress.Gateway.Features.Responses;
using AIHigress.Gateway.Features.Responses.Background;

namespace AIHigress.Gateway.DataPlane.Responses;

/// <summary>Sends a background response's events to a client: those stored, then those to come, from memory or, of another replica's run, from storage.</summary>
internal sealed class EventFollower(ResponseRuns runs, ResponseEventStore events, ShutdownDrain drain, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    /// <param name="response">Where to; the headers must not be sent yet.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="after">The last sequence number that the client has; -1 for none.</param>
    /// <exception cref="ResponsesUnavailableException">The database is away.</exception>
    public async Task SendAsync(HttpResponse response, Guid userId, string id, long after)
    {
        var gone = response.HttpContext.RequestAborted;
        AnswerHeaders.AddStream(response, "text/event-stream");
        if (runs.Find(userId, id) is { } run)
        {
            await SendLiveAsync(response, run.Events, after, gone);
        }
        else
        {
            await SendStoredAsync(response, userId, id, after, gone);
        }
    }

    private async Task SendLiveAsync(HttpResponse response, RunEvents source, long after, CancellationToken gone)
    {
        var next = after + 1;
        while (true)
        {
            var (fresh, complete, changed) = source.From(next);
            next += fresh.Count;
            await WriteAsync(response, fresh, gone);
            if (complete)
            {
                return;
            }

            await WaitAsync(response, changed, gone);
        }
    }

    private async Task SendStoredAsync(HttpResponse response, Guid userId, string id, long after, CancellationToken gone)
    {
        var quiet = time.GetTimestamp();
        while (await events.ReadAsync(userId, id, after, gone) is { } page)
        {
            after = page.Last;
            await WriteAsync(response, page.Events, gone);
            if (page.IsComplete)
            {
                return;
            }

            if (page.Events.Count > 0)
            {
                quiet = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(quiet) >= PingInterval)
            {
                quiet = time.GetTimestamp();
                await PingAsync(response, gone);
            }

            if (drain.IsDraining)
            {
                // Another server runs it, and has the rest: the client sees that this is not the end, and asks again.
                response.HttpContext.Abort();
                return;
            }

            await Task.Delay(Poll, time, gone);
        }
    }

    private async Task WaitAsync(HttpResponse response, Task changed, CancellationToken gone)
    {
        while (true)
        {
            try
            {
                await changed.WaitAsync(PingInterval, time, gone);
                return;
            }
            catch (TimeoutException)
            {
                await PingAsync(response, gone);
            }
        }
    }

    private static async Task WriteAsync(HttpResponse response, IReadOnlyList<byte[]> events, CancellationToken gone)
    {
        foreach (var ev in events)
        {
            await response.BodyWriter.WriteAsync(ev, gone);
        }

        // The headers, even when there is no event yet.
        await response.BodyWriter.FlushAsync(gone);
    }

    private static async Task PingAsync(HttpResponse response, CancellationToken gone) =>
        await response.BodyWriter.WriteAsync(Wire.Sse.SseWriter.Ping, gone);
}
