using System.Diagnostics;
using System.Net;

namespace AIHigress.Load.Client;

/// <summary>
/// Sends a plan's requests from one thread over non-blocking sockets and poll(2): it shares two cores with what is
/// measured, and an async client costs more CPU than a proxy does. Stops at the first answer that is not as it must be.
/// </summary>
internal sealed class LoadClient : IDisposable
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(20);

    private readonly LoadPlan _plan;
    private readonly ClientConnection[] _connections;
    private readonly PollEntry[] _entries;
    private readonly Queue<int> _idle;
    private readonly TimeSpan[] _latencies;
    private readonly GapCounts _gaps = new();
    private int _started;
    private int _done;
    private long _events;
    private long _bytes;
    private long _begin;

    private LoadClient(LoadPlan plan, IReadOnlyList<IPEndPoint> servers, string apiKey)
    {
        _plan = plan;
        _latencies = new TimeSpan[plan.Requests];
        var buffer = new byte[256 * 1024];
        _connections = [.. Enumerable.Range(0, plan.Connections).Select(i =>
            new ClientConnection(servers[i % servers.Count], plan.RequestFor(i, servers[i % servers.Count], apiKey), buffer))];
        _entries = [.. _connections.Select(c => new PollEntry { Descriptor = c.Descriptor, Wanted = PollEntry.Readable })];
        _idle = new Queue<int>(Enumerable.Range(0, plan.Connections));
    }

    /// <summary>Runs the plan to its end on the calling thread; connections are spread over <paramref name="servers"/>.</summary>
    /// <exception cref="InvalidDataException">An answer that is not what the plan wants, or not HTTP.</exception>
    /// <exception cref="TimeoutException">Nothing came for too long.</exception>
    public static LoadResult Run(LoadPlan plan, IReadOnlyList<IPEndPoint> servers, string apiKey, CancellationToken cancellationToken)
    {
        using var client = new LoadClient(plan, servers, apiKey);
        return client.Run(cancellationToken);
    }

    public void Dispose() => Array.ForEach(_connections, c => c.Dispose());

    private LoadResult Run(CancellationToken cancellationToken)
    {
        _begin = Stopwatch.GetTimestamp();
        var heard = _begin;
        while (_done < _plan.Requests)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wait = StartDue();
            var ready = Posix.Poll(_entries, wait);
            var now = Stopwatch.GetTimestamp();
            if (ready > 0)
            {
                heard = now;
                Serve(ready);
            }
            else if (Stopwatch.GetElapsedTime(heard, now) > LongestSilence)
            {
                throw new TimeoutException($"No answer came for {LongestSilence.TotalSeconds} s; {_done} of {_plan.Requests} requests were answered.");
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(_begin);
        Array.Sort(_latencies);
        return new LoadResult(_done, _events, _bytes, elapsed, _latencies, _gaps);
    }

    /// <summary>Starts every request whose time has come; how long until the next is due.</summary>
    private TimeSpan StartDue()
    {
        while (_started < _plan.Requests && _idle.Count > 0)
        {
            var now = Stopwatch.GetTimestamp();
            var due = _plan.PerSecond is { } rate ? _begin + (long)(_started / rate * Stopwatch.Frequency) : now;
            if (due > now)
            {
                return Stopwatch.GetElapsedTime(now, due);
            }

            Start(_idle.Dequeue(), due);
        }

        return TimeSpan.FromSeconds(1);
    }

    private void Serve(int ready)
    {
        for (var i = 0; ready > 0; i++)
        {
            var found = _entries[i].Found;
            if (found == 0)
            {
                continue;
            }

            ready--;
            if ((found & PollEntry.Writable) != 0)
            {
                _connections[i].Send();
                Watch(i);
            }

            // Errors and hang-ups are found by reading, too.
            if ((found & ~PollEntry.Writable) != 0 && _connections[i].Receive(_gaps))
            {
                Finish(i);
            }
        }
    }

    private void Start(int index, long countedFrom)
    {
        _started++;
        _connections[index].Start(countedFrom);
        Watch(index);
    }

    private void Watch(int index) =>
        _entries[index].Wanted = (short)(PollEntry.Readable | (_connections[index].HasUnsent ? PollEntry.Writable : 0));

    private void Finish(int index)
    {
        var connection = _connections[index];
        var response = connection.Response;
        if (!_plan.IsRight(response.Status, response.Events))
        {
            throw new InvalidDataException(
                $"Answer {_done + 1} has status {response.Status} and {response.Events} events instead of {(_plan.UnknownKeys ? "a refusal" : $"200 and {_plan.Events}")}: {response.Excerpt}");
        }

        _latencies[_done++] = connection.Took(Stopwatch.GetTimestamp());
        _events += response.Events;
        _bytes += response.BodyBytes;
        _idle.Enqueue(index);
    }
}
