using System.Collections.Concurrent;
using System.Threading.Channels;

namespace AIHigress.MockUpstream.Traffic;

/// <summary>A named barrier: what is to pass waits for one release each. Releases may come first.</summary>
internal sealed class Gate
{
    private readonly Channel<bool> _permits = Channel.CreateUnbounded<bool>();
    private readonly Signal _changed = new();
    private int _sent;
    private int _waiting;

    public int Sent => Volatile.Read(ref _sent);

    public int Waiting => Volatile.Read(ref _waiting);

    public void Release(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _permits.Writer.TryWrite(true);
        }
    }

    public async Task PassAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        _changed.Pulse();
        try
        {
            await _permits.Reader.ReadAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            _changed.Pulse();
        }
    }

    /// <summary>Takes a release if one is there, and counts it as sent.</summary>
    public bool TryPass()
    {
        if (!_permits.Reader.TryRead(out _))
        {
            return false;
        }

        CountSent();
        return true;
    }

    /// <summary>Tells that what passed has been written.</summary>
    public void CountSent()
    {
        Interlocked.Increment(ref _sent);
        _changed.Pulse();
    }

    public Task<bool> WhenAsync(int minSent, int minWaiting, TimeSpan timeout, CancellationToken cancellation) =>
        _changed.WhenAsync(() => Sent >= minSent && Waiting >= minWaiting, timeout, cancellation);
}

/// <summary>The gates by name; naming one makes it.</summary>
internal sealed class GateBoard
{
    private readonly ConcurrentDictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    public Gate this[string name] => _gates.GetOrAdd(name, _ => new Gate());
}
