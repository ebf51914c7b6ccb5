using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>
/// Stage 3: how many requests run at once in this process. While there is room, entering and leaving are one interlocked
/// operation each; only a full server queues requests, for a short time and in order.
/// </summary>
internal sealed class ConcurrencyGate(IOptionsMonitor<DataPlaneOptions> options, TimeProvider time)
{
    private readonly Lock _queueLock = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _queue = new();
    private TaskCompletionSource? _idle;
    private int _running;
    private volatile int _waiting;

    /// <summary>Requests that have a place.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Requests that wait for one.</summary>
    public int Waiting => _waiting;

    /// <summary>Takes a place, to be given back with <see cref="Release"/>; false when none came free in time.</summary>
    public ValueTask<bool> EnterAsync(CancellationToken cancellationToken)
    {
        if (_waiting == 0 && TryTake())
        {
            return ValueTask.FromResult(true);
        }

        return _waiting < options.CurrentValue.QueueLength ? WaitAsync(cancellationToken) : ValueTask.FromResult(false);
    }

    public void Release()
    {
        Leave();
        if (_waiting > 0)
        {
            HandOut();
        }
    }

    /// <summary>Completes the next time that nobody has a place, at once if so now.</summary>
    public Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var idle = Interlocked.CompareExchange(ref _idle, fresh, null) ?? fresh;
        if (Running == 0)
        {
            Interlocked.CompareExchange(ref _idle, null, idle);
            idle.TrySetResult();
        }

        return idle.Task.WaitAsync(cancellationToken);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            Interlocked.Exchange(ref _idle, null)?.TrySetResult();
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
        var waiter = new LinkedListNode<TaskCompletionSource<bool>>(new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_queueLock)
        {
            _queue.AddLast(waiter);
            _waiting++;
        }

        // A place may have come free between the first look and the enqueueing.
        HandOut();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.CurrentValue.QueueWaitMs), time);
        await using var byTime = timeout.Token.Register(() => GiveUp(waiter));
        await using var byClient = cancellationToken.Register(() => GiveUp(waiter));
        return await waiter.Value.Task;
    }

    // Leaves the queue at once: those who gave up must not keep the ones after them out.
    private void GiveUp(LinkedListNode<TaskCompletionSource<bool>> waiter)
    {
        lock (_queueLock)
        {
            if (waiter.List is not null)
            {
                _queue.Remove(waiter);
                _waiting--;
                waiter.Value.TrySetResult(false);
            }
        }
    }

    private void HandOut()
    {
        lock (_queueLock)
        {
            while (_queue.First is { } next && TryTake())
            {
                _queue.RemoveFirst();
                _waiting--;
                next.Value.TrySetResult(true);
            }
        }
    }
}
