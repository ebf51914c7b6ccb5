using System.Threading.Channels;
using AIHigress.Wire;
using AIHigress.Wire.Translation.History;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Sessions.Contexts;

/// <summary>Writes exchanges into the conversations of their sessions, behind the requests: nobody waits for it, and what it can't take it counts.</summary>
internal sealed partial class ContextRecorder(ContextStore store, SessionMetrics metrics, TimeProvider time, ILogger<ContextRecorder> logger) : BackgroundService
{
    private const long MostBytes = 64L * 1024 * 1024;

    private readonly Channel<AnswerWatch> _queue = Channel.CreateBounded<AnswerWatch>(new BoundedChannelOptions(2000) { SingleReader = true });
    private long _waiting;

    /// <summary>Takes the exchange, or drops it when too much waits already.</summary>
    public void Add(AnswerWatch answer)
    {
        var size = answer.Size;
        if (Interlocked.Add(ref _waiting, size) <= MostBytes && _queue.Writer.TryWrite(answer))
        {
            return;
        }

        Interlocked.Add(ref _waiting, -size);
        Drop(answer);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The requests are over by now; what they left is written.
        _queue.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var answer in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            var size = answer.Size;
            try
            {
                await RecordAsync(answer);
            }
            catch (Exception e)
            {
                // One conversation that can't be kept must not end the keeping of all others.
                metrics.Dropped("exchange");
                NotRecorded(answer.RequestId, e);
            }
            finally
            {
                Interlocked.Add(ref _waiting, -size);
                answer.End();
            }
        }
    }

    private async Task RecordAsync(AnswerWatch answer)
    {
        if (answer.Given is not { } given || Read(answer) is not { } request)
        {
            metrics.Dropped("exchange");
            return;
        }

        var call = answer.Asked;
        if (GivenAnswer.Read(call.Protocol, given, call.Stream, call.AsArray) is not { } said)
        {
            // An error within the stream, or nothing at all: no exchange.
            return;
        }

        var added = HistoryTurns.New(request, isFirst: await store.IsEmptyAsync(answer.Turn.Key));
        await store.AppendAsync(answer.Turn.Key, StoredExchange.Of(time.GetUtcNow(), answer.RequestId, call.Protocol, [.. added, said]));
    }

    // A provider of the client's own protocol may understand what we don't.
    private static ModelRequest? Read(AnswerWatch answer)
    {
        try
        {
            return answer.Asked.Decoded;
        }
        catch (GatewayErrorException)
        {
            return null;
        }
    }

    private void Drop(AnswerWatch answer)
    {
        metrics.Dropped("exchange");
        answer.End();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The exchange of request {RequestId} could not be kept for its session")]
    private partial void NotRecorded(Guid requestId, Exception exception);
}
