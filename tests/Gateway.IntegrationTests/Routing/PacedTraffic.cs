using System.Net.Http.Headers;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.IntegrationTests.Routing;

/// <summary>
/// Requests, one after another, whose upstreams take exactly as long as they are told: the mock holds each answer at a
/// gate, the clock is moved, the gate is opened. Nothing waits for real time.
/// </summary>
internal sealed class PacedTraffic(MockUpstreamServer upstream, FakeTimeProvider clock, HttpClient client, string key)
{
    private const string Gate = "paced";
    private readonly Dictionary<string, Manner> _manners = [];
    private readonly Dictionary<string, int> _answers = [];
    private int _passed;

    /// <summary>From now on, answers of this upstream model take so long, and each nth fails.</summary>
    public void Is(string model, double seconds, int failsEach = 0)
    {
        _manners[model] = new Manner(TimeSpan.FromSeconds(seconds), failsEach);
        _answers[model] = 0;
        upstream.Script(model, new Behaviour { Gate = Gate });
        Arm(model);
    }

    /// <summary>Asks once; the upstream models that were tried, in order.</summary>
    public async Task<IReadOnlyList<string>> AskAsync(string model, string? provider = null, string? body = null, string? otherKey = null)
    {
        var answer = SendAsync(model, provider, body, otherKey);
        var tried = new List<string>();
        while (await Task.WhenAny(answer, upstream.WaitForGateAsync(Gate, minWaiting: 1, timeout: TestKit.Timeouts.Wait)) != answer)
        {
            var asked = upstream.Requests(limit: 1)[0].Model!;
            tried.Add(asked);
            clock.Advance(_manners[asked].Takes);
            _answers[asked]++;
            Arm(asked);
            upstream.Release(Gate);
            await upstream.WaitForGateAsync(Gate, minSent: ++_passed);
        }

        upstream.ClearRequests();
        using var response = await answer;
        return tried;
    }

    /// <summary>Asks so often; each upstream's share of first attempts.</summary>
    public async Task<IReadOnlyDictionary<string, double>> SharesAsync(string model, int requests)
    {
        var firsts = new Dictionary<string, double>();
        for (var i = 0; i < requests; i++)
        {
            var first = (await AskAsync(model))[0];
            firsts[first] = firsts.GetValueOrDefault(first) + (1d / requests);
        }

        return firsts;
    }

    /// <summary>Sends requests to a provider that are not answered before <see cref="LetGo"/>.</summary>
    public async Task<IReadOnlyList<Task>> HoldAsync(string model, string provider, int requests)
    {
        if (requests == 0)
        {
            return [];
        }

        var gate = $"held-{model}-{provider}";
        upstream.Script(provider, new Behaviour { Gate = gate }, times: requests);
        var held = Enumerable.Range(0, requests).Select(_ => SendAsync(model, provider, null, null)).ToList();
        await upstream.WaitForGateAsync(gate, minWaiting: requests);
        return held;
    }

    public async Task LetGoAsync(string model, string provider, IReadOnlyList<Task> held)
    {
        upstream.Release($"held-{model}-{provider}", held.Count);
        await Task.WhenAll(held);
    }

    // The rule for one failure lies over the usual one until it is used.
    private void Arm(string model)
    {
        if (_manners[model].FailsEach is > 0 and var each && (_answers[model] + 1) % each == 0)
        {
            upstream.Script(model, new Behaviour { Status = 503, Gate = Gate }, times: 1);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string model, string? provider, string? body, string? otherKey)
    {
        using var request = ChatClient.Request(body ?? ChatClient.Body(model));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", otherKey ?? key);
        if (provider is not null)
        {
            request.Headers.Add("X-Route-Providers", provider);
        }

        return await client.SendAsync(request);
    }

    private sealed record Manner(TimeSpan Takes, int FailsEach);
}
