namespace AIHigress.MockUpstream.Traffic;

/// <summary>Lets waiters look again whenever something changed; costs next to nothing while nobody waits.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiters;

    /// <summary>Call after an interlocked change, so that a waiter either saw the change or is counted here.</summary>
    public void Pulse()
    {
        if (Volatile.Read(ref _waiters) == 0)
        {
            return;
        }

        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Waits until <paramref name="reached"/> holds; false when <paramref name="timeout"/> passed before.</summary>
    public async Task<bool> WhenAsync(Func<bool> reached, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        Interlocked.Increment(ref _waiters);
        try
        {
            while (true)
            {
                var next = Volatile.Read(ref _next).Task;
                if (reached())
                {
                    return true;
                }

                await next.WaitAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return reached();
        }
        finally
        {
            Interlocked.Decrement(ref _waiters);
        }
    }
}
