using System.Collections.Concurrent;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>
/// Many clients at once, each sending its next request when the last has ended, until told to stop or the server is
/// gone. Every request has an id of its own, by which its row is found whatever became of it.
/// </summary>
internal sealed class Load(string address, params (string Model, bool Stream)[] models)
{
    private readonly ConcurrentDictionary<Guid, string> _outcomes = new();
    private readonly List<(int Wanted, TaskCompletionSource Reached)> _waits = [];
    private readonly Lock _waitLock = new();
    private volatile bool _stopped;
    private int _inFlight;
    private int _sent;
    private int _whole;
    private Task _clients = Task.CompletedTask;

    /// <summary>Ids of answers that came in full.</summary>
    public IReadOnlyCollection<Guid> Whole => [.. _outcomes.Where(o => o.Value == "whole").Select(o => o.Key)];

    /// <summary>Ids of requests whose connection broke.</summary>
    public IReadOnlyCollection<Guid> Cut => [.. _outcomes.Where(o => o.Value == "cut").Select(o => o.Key)];

    /// <summary>Answers that were neither: statuses and error events.</summary>
    public IReadOnlyCollection<string> Failures => [.. _outcomes.Values.Where(v => v is not ("whole" or "cut"))];

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>A client whose connection broke goes on with another, as behind a proxy; else it ends.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Each request says something else, as clients' requests do.</summary>
    public bool Varies { get; init; }

    public int Sent => Volatile.Read(ref _sent);

    /// <param name="clients">How many run at once.</param>
    /// <param name="most">Requests to send in all.</param>
    public void Start(int clients, int most = int.MaxValue) =>
        _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => RunClientAsync(most))));

    /// <summary>Completes when so many answers have come in full.</summary>
    public Task WhenWholeAsync(int count)
    {
        lock (_waitLock)
        {
            if (_whole >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((count, reached));
            return reached.Task.WaitAsync(TestKit.Timeouts.Wait);
        }
    }

    /// <summary>No client sends another request; completes when the running ones have ended.</summary>
    public Task StopAsync()
    {
        _stopped = true;
        return _clients;
    }

    /// <summary>Completes when all requests were sent and answered.</summary>
    public Task EndAsync() => _clients;

    private async Task RunClientAsync(int most)
    {
        using var client = new ChatClient(address, GatewaySite.Key);
        while (!_stopped && Interlocked.Increment(ref _sent) is var number && number <= most)
        {
            var (model, stream) = models[number % models.Length];
            var id = Guid.NewGuid();
            Interlocked.Increment(ref _inFlight);
            var outcome = await SendAsync(client, id, model, stream, Varies ? $",\"seed\":{number}" : "");
            Interlocked.Decrement(ref _inFlight);
            _outcomes[id] = outcome;
            if (outcome == "cut" && !GoesOn)
            {
                return;
            }

            CountWhole(outcome == "whole");
        }
    }

    private static async Task<string> SendAsync(ChatClient client, Guid id, string model, bool stream, string extra)
    {
        try
        {
            var reply = await client.SendAsync(ChatClient.Body(model, stream, extra), ("X-Request-Id", id.ToString()));
            if (reply.Status != 200)
            {
                return $"{reply.Status} {reply.Body}";
            }

            return (stream ? reply.Events[^1] == "[DONE]" : reply.PlainText.Length > 0) ? "whole" : reply.Body;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return "cut";
        }
    }

    private void CountWhole(bool whole)
    {
        if (!whole)
        {
            return;
        }

        lock (_waitLock)
        {
            _whole++;
            foreach (var (_, reached) in _waits.Where(w => w.Wanted <= _whole))
            {
                reached.TrySetResult();
            }
        }
    }
}
