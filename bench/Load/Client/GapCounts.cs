using System.Diagnostics;

namespace AIHigress.Load.Client;

/// <summary>Times between the reads of one stream that brought events, counted in bins of 50 µs up to two seconds.</summary>
internal sealed class GapCounts
{
    private const int BinMicroseconds = 50;
    private readonly long[] _bins = new long[2_000_000 / BinMicroseconds];
    private long _count;

    /// <summary>Reads that brought events. Fewer than events: some came together.</summary>
    public long Reads { get; private set; }

    /// <param name="before">Timestamp of the read before in the same stream; 0 for the first.</param>
    /// <param name="now">Timestamp of this read.</param>
    public void Add(long before, long now)
    {
        Reads++;
        if (before == 0)
        {
            return;
        }

        var microseconds = (long)Stopwatch.GetElapsedTime(before, now).TotalMicroseconds;
        _bins[Math.Min(_bins.Length - 1, microseconds / BinMicroseconds)]++;
        _count++;
    }

    public double PercentileMs(double share)
    {
        var wanted = (long)(_count * share);
        var seen = 0L;
        for (var i = 0; i < _bins.Length; i++)
        {
            seen += _bins[i];
            if (seen > wanted)
            {
                return (i + 0.5) * BinMicroseconds / 1000;
            }
        }

        return 0;
    }
}
