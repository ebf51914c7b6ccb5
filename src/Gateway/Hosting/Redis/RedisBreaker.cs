namespace AIHigress.Gateway.Hosting.Redis;

/// <summary>
/// Says whether Redis may be asked. Two answers in a row that are late or missing open it; then nobody waits for Redis
/// until a look in the background was answered in time.
/// </summary>
internal sealed class RedisBreaker
{
    private int _misses;
    private int _open;

    /// <summary>True while Redis is not to be asked.</summary>
    public bool IsOpen => Volatile.Read(ref _open) == 1;

    /// <summary>True if this miss is the one that opened it.</summary>
    public bool Missed() => Interlocked.Increment(ref _misses) >= 2 && Interlocked.Exchange(ref _open, 1) == 0;

    /// <summary>An answer in time.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _misses) != 0 && !IsOpen)
        {
            Volatile.Write(ref _misses, 0);
        }
    }

    /// <summary>Opens it without two misses: the connection is known to be gone.</summary>
    public bool Open() => Interlocked.Exchange(ref _open, 1) == 0;

    /// <summary>True if it was open.</summary>
    public bool Close()
    {
        Volatile.Write(ref _misses, 0);
        return Interlocked.Exchange(ref _open, 0) == 1;
    }
}
