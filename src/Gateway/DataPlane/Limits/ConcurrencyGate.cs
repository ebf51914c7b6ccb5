using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>
/// Stage 3: how many requests run at once in this process. While there is room, entering and leaving are one interlocked
/// operation each; only a full server queues requests, for a short time and in order.
/// </summary>
internal sealed class ConcurrencyGate(IOptionsMonitor<DataPlaneOptions> options, TimeProvider time)
{
    private const int LongestQueue = 10_000;

    private readonly Lock _queueLock = new();
    private readonly Queue<TaskCompletionSource<bool>> _queue = new();
    private int _running;
    private volatile int _waiting;

    /// <summary>Requests that have a place.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Takes a place, to be given back with <see cref="Release"/>; false when none came free in time.</summary>
    public ValueTask<bool> EnterAsync(CancellationToken cancellationToken)
    {
        if (_waiting == 0 && TryTake())
        {
            return ValueTask.FromResult(true);
        }

        return _waiting < LongestQueue ? WaitAsync(cancellationToken) : ValueTask.FromResult(false);
    }

    public void Release()
    {
        Interlocked.Decrement(ref _running);
        if (_waiting > 0)
        {
            HandOut();
        }
    }

    private bool TryTake()
    {
        var limit = options.CurrentValue.MaxConcurrentRequests;
        var running = Volatile.Read(ref _running);
        while (running < limit)
        {
            var seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running)
            {
                return true;
            }

            running = seen;
        }

        return false;
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_queueLock)
        {
            _queue.Enqueue(waiter);
            _waiting++;
        }

        // A place may have come free between the first look and the enqueueing.
        HandOut();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.CurrentValue.QueueWaitMs), time);
        await using var byTime = timeout.Token.Register(() => waiter.TrySetResult(false));
        await using var byClient = cancellationToken.Register(() => waiter.TrySetResult(false));
        return await waiter.Task;
    }

    private void HandOut()
    {
        lock (_queueLock)
        {
            while (_queue.Count > 0 && TryTake())
            {
                var waiter = _queue.Dequeue();
                _waiting--;
                if (!waiter.TrySetResult(true))
                {
                    // It gave up meanwhile.
                    Interlocked.Decrement(ref _running);
                }
            }
        }
    }
}
