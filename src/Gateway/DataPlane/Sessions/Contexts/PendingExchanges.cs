using System.Collections.Concurrent;

namespace AIHigress.Gateway.DataPlane.Sessions.Contexts;

/// <summary>Which sessions have an exchange on its way to the store: a request that is to carry it waits for it, shortly.</summary>
internal sealed class PendingExchanges(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _pending = new(StringComparer.Ordinal);

    /// <summary>To be called before the client has the whole answer.</summary>
    public TaskCompletionSource Begin(string key)
    {
        var exchange = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[key] = exchange;
        return exchange;
    }

    public void End(string key, TaskCompletionSource exchange)
    {
        _pending.TryRemove(new(key, exchange));
        exchange.TrySetResult();
    }

    public async Task WaitAsync(string key, CancellationToken cancellationToken)
    {
        if (_pending.TryGetValue(key, out var exchange))
        {
            await exchange.Task.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
