using System.Collections.Concurrent;
using System.Threading.Channels;

namespace AIHigress.Gateway.DataPlane.Replicas;

/// <summary>
/// Where an attempt that failed notes whose circuit or key may have changed, for those who tell other replicas. Notes
/// of one upstream are one, so that a storm of failures is no storm of messages.
/// </summary>
internal sealed class ReplicaSignal
{
    private readonly ConcurrentDictionary<string, byte> _upstreams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, byte> _keys = new();
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _followed;

    /// <summary>Called once by whoever listens; without a listener nothing is noted.</summary>
    public void Follow() => _followed = true;

    public void Touched(string upstream, Guid? key)
    {
        if (!_followed)
        {
            return;
        }

        var isNew = _upstreams.TryAdd(upstream, 0);
        isNew |= key is { } id && _keys.TryAdd(id, 0);
        if (isNew)
        {
            _raised.Writer.TryWrite(true);
        }
    }

    /// <summary>True when something was noted, false when <paramref name="timeout"/> came first.</summary>
    public async Task<bool> WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _raised.Reader.ReadAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Takes the notes.</summary>
    public (IReadOnlyCollection<string> Upstreams, IReadOnlyCollection<Guid> Keys) Take()
    {
        string[] upstreams = [.. _upstreams.Keys];
        Guid[] keys = [.. _keys.Keys];
        Array.ForEach(upstreams, u => _upstreams.TryRemove(u, out _));
        Array.ForEach(keys, k => _keys.TryRemove(k, out _));
        return (upstreams, keys);
    }
}
