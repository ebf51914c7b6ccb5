using System.Buffers;
using AIHigress.MockUpstream.Traffic;

namespace AIHigress.MockUpstream.Sending;

/// <summary>One request and its answer, and how it ended.</summary>
internal sealed class Exchange
{
    private const string Bearer = "Bearer ";
    private static readonly string[] KeyHeaders = ["api-key", "x-api-key", "x-goog-api-key"];

    private readonly long _order;
    private readonly JournalEntry? _entry;
    private Outcome _outcome;
    private bool _bodyReleased;

    private Exchange(HttpContext context, MockState mock, in ReadOnlySequence<byte> body)
    {
        Context = context;
        Mock = mock;
        Body = body;
        _order = mock.Traffic.NextRequest();
        if (mock.Journal is { } journal)
        {
            _entry = new JournalEntry(context.Request, _order, Key.IsEmpty ? null : Key.ToString(), body.ToArray());
            journal.Add(_entry);
        }

        mock.Traffic.RequestStarted();
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

    /// <summary>Sent back with every answer; its number is the request's place in the journal.</summary>
    public string RequestId => $"req_{Mock.Options.Name}_{_order}";

    /// <summary>The request's body, until <see cref="ReleaseBody"/>.</summary>
    public ReadOnlySequence<byte> Body { get; private set; }

    /// <summary>The key that the request carries; empty if none.</summary>
    public ReadOnlySpan<char> Key
    {
        get
        {
            var authorization = Context.Request.Headers.Authorization.ToString();
            return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
                ? authorization.AsSpan(Bearer.Length).Trim()
                : OtherKey(Context.Request);
        }
    }

    /// <summary>The header that tells the <see cref="RequestId"/>.</summary>
    public string RequestIdHeader { get; set; } = "x-request-id";

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

    /// <summary>
    /// An exchange starts when the request is there to its last byte: whoever waited for it can look at all of it.
    /// </summary>
    public static async ValueTask<Exchange> ReceiveAsync(HttpContext context, MockState mock)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }

        return new Exchange(context, mock, read.Buffer);
    }

    /// <summary>Gives the memory back before what may take long; Kestrel then also reads on and sees the client go.</summary>
    public void ReleaseBody()
    {
        if (!_bodyReleased)
        {
            _bodyReleased = true;
            Context.Request.BodyReader.AdvanceTo(Body.End);
            Body = default;
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

    /// <summary>Waits for one release of the gate, if there is one.</summary>
    public async Task PassGateAsync(string? name)
    {
        if (name is not null)
        {
            var gate = Mock.Gates[name];
            await gate.PassAsync(ClientGone);
            gate.CountSent();
        }
    }

    /// <summary>A key that comes without <c>Authorization</c>: Azure's, Anthropic's, Google's header or Google's query.</summary>
    private static string OtherKey(HttpRequest request)
    {
        foreach (var name in KeyHeaders)
        {
            if (request.Headers.TryGetValue(name, out var key))
            {
                return key.ToString();
            }
        }

        return request.Query["key"].ToString();
    }

    public void End()
    {
        ReleaseBody();
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
