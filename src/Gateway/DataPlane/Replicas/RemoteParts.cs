using AIHigress.Gateway.DataPlane.Routing;

namespace AIHigress.Gateway.DataPlane.Replicas;

/// <summary>
/// What each other replica told, and its effect on the state here. A replica that has not been heard of for
/// <see cref="TimeToLive"/> is gone: what it measured no longer counts; a circuit or rest that it told of stays.
/// </summary>
internal sealed class RemoteParts(UpstreamBoard board, TimeProvider time)
{
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, Part> _parts = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Other replicas that were heard of lately.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _parts.Count;
            }
        }
    }

    public void Take(ReplicaMessage message)
    {
        lock (_gate)
        {
            if (message.Goodbye)
            {
                Drop(message.From);
                return;
            }

            if (!_parts.TryGetValue(message.From, out var part))
            {
                _parts[message.From] = part = new Part();
            }

            part.HeardAt = time.GetTimestamp();
            foreach (var news in message.Upstreams)
            {
                Take(part, news);
            }
        }

        foreach (var key in message.Keys)
        {
            board.Key(key.Id).Adopt(key.Rest);
        }
    }

    /// <summary>Drops replicas that are silent.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            foreach (var gone in _parts.Where(p => time.GetElapsedTime(p.Value.HeardAt) > TimeToLive).Select(p => p.Key).ToList())
            {
                Drop(gone);
            }
        }
    }

    private void Take(Part part, UpstreamNews news)
    {
        var state = board.Upstream(news.Key);
        if (news.Measured is { } measured)
        {
            part.Measured[news.Key] = new Heard(measured, part.HeardAt);
            Apply(news.Key, state);
        }

        if (news.Circuit is { } circuit)
        {
            state.Circuit.Adopt(circuit);
        }
    }

    private void Drop(string replica)
    {
        if (_parts.Remove(replica, out var part))
        {
            foreach (var key in part.Measured.Keys)
            {
                Apply(key, board.Upstream(key));
            }
        }
    }

    private void Apply(string key, UpstreamState state)
    {
        var all = new List<MeasurementsSnapshot>(_parts.Count);
        foreach (var part in _parts.Values)
        {
            if (part.Measured.TryGetValue(key, out var heard))
            {
                var snapshot = heard.Snapshot;
                all.Add(snapshot with { AgeMs = snapshot.AgeMs + time.GetElapsedTime(heard.At).TotalMilliseconds });
            }
        }

        state.Measured.SetRemote(all);
    }

    private sealed class Part
    {
        public Dictionary<string, Heard> Measured { get; } = new(StringComparer.Ordinal);

        public long HeardAt { get; set; }
    }

    private readonly record struct Heard(MeasurementsSnapshot Snapshot, long At);
}
