using AIHigress.MockUpstream.Traffic;

namespace AIHigress.MockUpstream.Sending;

/// <summary>One request and its answer, and how it ended.</summary>
internal sealed class Exchange
{
    private const string Bearer = "Bearer ";

    private readonly JournalEntry? _entry;
    private Outcome _outcome;

    public Exchange(HttpContext context, MockState mock)
    {
        Context = context;
        Mock = mock;
        var order = mock.Traffic.RequestStarted();
        if (mock.Journal is { } journal)
        {
            _entry = new JournalEntry(context.Request, order, Key.IsEmpty ? null : Key.ToString());
            journal.Add(_entry);
        }
    }

    private enum Outcome
    {
        Running,
        Finished,
        Broken,
        ClientLeft,
    }

    public HttpContext Context { get; }

    public MockState Mock { get; }

    public bool Recorded => _entry is not null;

    /// <summary>The key that the request carries; empty if none.</summary>
    public ReadOnlySpan<char> Key
    {
        get
        {
            var authorization = Context.Request.Headers.Authorization.ToString();
            return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
                ? authorization.AsSpan(Bearer.Length).Trim()
                : Context.Request.Headers["api-key"].ToString();
        }
    }

    public CancellationToken ClientGone => Context.RequestAborted;

    public int EventsSent
    {
        set
        {
            if (_entry is not null)
            {
                _entry.EventsSent = value;
            }
        }
    }

    public void RecordBody(byte[] body)
    {
        if (_entry is not null)
        {
            _entry.Body = body;
        }
    }

    public void RecordModel(string? model)
    {
        if (_entry is not null)
        {
            _entry.Model = model;
        }
    }

    /// <summary>Call before the last bytes go out, so that who has read the answer finds it finished.</summary>
    public void Finish() => _outcome = Outcome.Finished;

    /// <summary>The script broke the answer off.</summary>
    public void Break() => _outcome = Outcome.Broken;

    public void ClientLeft()
    {
        if (_outcome == Outcome.Running)
        {
            _outcome = Outcome.ClientLeft;
        }
    }

    /// <summary>Sleeps until the client leaves.</summary>
    public Task HangAsync() => Task.Delay(Timeout.InfiniteTimeSpan, ClientGone);

    public Task DelayAsync(int? milliseconds) => milliseconds is > 0
        ? Task.Delay(TimeSpan.FromMilliseconds(milliseconds.Value), Mock.Options.Time, ClientGone)
        : Task.CompletedTask;

    public void End()
    {
        if (_outcome == Outcome.Running && ClientGone.IsCancellationRequested)
        {
            _outcome = Outcome.ClientLeft;
        }

        if (_entry is not null)
        {
            _entry.Finished = _outcome == Outcome.Finished;
            _entry.Canceled = _outcome == Outcome.ClientLeft;
        }

        Mock.Traffic.RequestEnded(_outcome == Outcome.ClientLeft);
    }
}
