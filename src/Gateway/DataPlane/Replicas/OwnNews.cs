using AIHigress.Gateway.DataPlane.Routing;

namespace AIHigress.Gateway.DataPlane.Replicas;

/// <summary>Finds what of this replica's state the others have not been told yet. Used by one task alone.</summary>
internal sealed class OwnNews(UpstreamBoard board, TimeProvider time)
{
    // Ages are told in whole milliseconds, so that two looks at one moment differ by a few.
    private const long Tolerance = 5;
    private readonly Dictionary<string, Told> _upstreams = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, long> _keys = [];

    /// <summary>The next look finds everything.</summary>
    public void Forget()
    {
        _upstreams.Clear();
        _keys.Clear();
    }

    public List<UpstreamNews> Upstreams()
    {
        var news = new List<UpstreamNews>();
        foreach (var (key, state) in board.Upstreams)
        {
            Look(key, state, withMeasurements: true, news);
        }

        return news;
    }

    /// <summary>Circuits alone, of the upstreams named.</summary>
    public List<UpstreamNews> Circuits(IEnumerable<string> keys)
    {
        var news = new List<UpstreamNews>();
        foreach (var key in keys)
        {
            Look(key, board.Upstream(key), withMeasurements: false, news);
        }

        return news;
    }

    public List<KeyNews> Keys() => Keys(board.Keys);

    public List<KeyNews> Keys(IEnumerable<Guid> ids) => Keys(ids.Select(id => KeyValuePair.Create(id, board.Key(id))));

    private List<KeyNews> Keys(IEnumerable<KeyValuePair<Guid, KeyState>> keys)
    {
        var now = Now();
        var news = new List<KeyNews>();
        foreach (var (id, state) in keys)
        {
            if (state.Export() is { } rest && Math.Abs(_keys.GetValueOrDefault(id) - (now + rest.LeftMs)) > Tolerance)
            {
                _keys[id] = now + rest.LeftMs;
                news.Add(new KeyNews(id, rest));
            }
        }

        return news;
    }

    private void Look(string key, UpstreamState state, bool withMeasurements, List<UpstreamNews> news)
    {
        var told = _upstreams.GetValueOrDefault(key);
        var next = told;
        MeasurementsSnapshot? measured = null;
        if (withMeasurements && state.Measured.OwnSamples != told.Samples)
        {
            measured = state.Measured.Export();
            next = next with { Samples = measured.Samples };
        }

        var circuit = state.Circuit.Export();
        if (circuit is not null)
        {
            var since = Now() - circuit.AgeMs;
            if (circuit.Open == told.Open && told.Since != 0 && Math.Abs(since - told.Since) <= Tolerance)
            {
                circuit = null;
            }
            else
            {
                next = next with { Open = circuit.Open, Since = since };
            }
        }

        if (measured is not null || circuit is not null)
        {
            _upstreams[key] = next;
            news.Add(new UpstreamNews(key, measured, circuit));
        }
    }

    /// <summary>Milliseconds of this process's own clock, which nobody can set.</summary>
    private long Now() => (long)(time.GetTimestamp() / (time.TimestampFrequency / 1000d));

    private readonly record struct Told(long Samples, bool Open, long Since);
}
