using AIHigress.MockUpstream.Control;
using AIHigress.MockUpstream.Scripting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AIHigress.MockUpstream;

/// <summary>A running mock upstream in this process: its address, and by method all that the control endpoints offer.</summary>
public sealed class MockUpstreamServer : IAsyncDisposable
{
    /// <summary>How long the waits below last at most unless told.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private readonly KestrelServer _server;
    private readonly MockState _state;

    internal MockUpstreamServer(KestrelServer server, MockState state, Uri address)
    {
        _server = server;
        _state = state;
        BaseAddress = address;
        OpenAIBaseUrl = new Uri(address, "/v1");
    }

    /// <summary>The bare address.</summary>
    public Uri BaseAddress { get; }

    /// <summary>What an OpenAI SDK is to be pointed at.</summary>
    public Uri OpenAIBaseUrl { get; }

    public MockStats Stats => _state.Traffic.Stats;

    /// <summary>Answers requests for <paramref name="model"/> (<c>*</c> for any) by <paramref name="behaviour"/>.</summary>
    public void Script(string model, Behaviour behaviour, string? key = null, int? times = null) =>
        Script(new ScriptRule { Model = model, Key = key, Times = times, Behaviour = behaviour });

    public void Script(ScriptRule rule) => _state.Scripts.Add(rule);

    public void ResetScripts() => _state.Scripts.Reset();

    /// <summary>The last <paramref name="limit"/> requests, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Requests(string? model = null, int limit = int.MaxValue) =>
        _state.Journal?.Requests(model, limit) ?? [];

    public void ClearRequests() => _state.Journal?.Clear();

    /// <summary>Lets <paramref name="count"/> events through the gate, now or when they come.</summary>
    public void Release(string gate, int count = 1) => _state.Gates[gate].Release(count);

    /// <summary>Waits until the gate has passed and stopped as many as asked.</summary>
    public async Task<GateState> WaitForGateAsync(string gate, int minSent = 0, int minWaiting = 0, TimeSpan? timeout = null)
    {
        var it = _state.Gates[gate];
        if (!await it.WhenAsync(minSent, minWaiting, timeout ?? DefaultTimeout, CancellationToken.None))
        {
            throw new TimeoutException($"Gate '{gate}': {it.Sent} sent and {it.Waiting} waiting, not {minSent} and {minWaiting}.");
        }

        return new GateState(it.Sent, it.Waiting);
    }

    /// <summary>Waits until exactly <paramref name="count"/> requests are being answered.</summary>
    public Task WaitForInFlightAsync(long count, TimeSpan? timeout = null) =>
        WaitAsync(s => s.InFlight == count, $"{count} in flight", timeout);

    /// <summary>Waits until at least <paramref name="count"/> clients have gone before their answer's end.</summary>
    public Task WaitForCanceledAsync(long count, TimeSpan? timeout = null) =>
        WaitAsync(s => s.Canceled >= count, $"{count} canceled", timeout);

    /// <summary>Waits until at least <paramref name="count"/> requests have come.</summary>
    public Task WaitForRequestsAsync(long count, TimeSpan? timeout = null) =>
        WaitAsync(s => s.Requests >= count, $"{count} requests", timeout);

    /// <summary>Waits until exactly <paramref name="count"/> connections are open.</summary>
    public Task WaitForConnectionsAsync(long count, TimeSpan? timeout = null) =>
        WaitAsync(s => s.Connections == count, $"{count} connections", timeout);

    /// <summary>Stops at once; what is being answered is cut.</summary>
    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _server.StopAsync(atOnce.Token);
        _server.Dispose();
    }

    private async Task WaitAsync(Func<MockStats, bool> reached, string wanted, TimeSpan? timeout)
    {
        if (!await _state.Traffic.WhenAsync(reached, timeout ?? DefaultTimeout, CancellationToken.None))
        {
            throw new TimeoutException($"Waited for {wanted}, but: {Stats}");
        }
    }
}
