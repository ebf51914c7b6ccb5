using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.MockUpstream.Control;

/// <summary>Drives a mock upstream that runs in another process.</summary>
public sealed class MockControl(Uri baseAddress) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(baseAddress, ControlEndpoints.Prefix), Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Answers requests for <paramref name="model"/> (<c>*</c> for any) by <paramref name="behaviour"/>.</summary>
    public Task ScriptAsync(string model, Behaviour behaviour, string? key = null, int? times = null, CancellationToken cancellation = default) =>
        ScriptAsync(new ScriptRule { Model = model, Key = key, Times = times, Behaviour = behaviour }, cancellation);

    public async Task ScriptAsync(ScriptRule rule, CancellationToken cancellation = default)
    {
        using var content = JsonContent.Create(rule, ControlJson.Default.ScriptRule);
        using var answer = await _http.PostAsync("script", content, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    public Task ResetScriptsAsync(CancellationToken cancellation = default) => DeleteAsync("script", cancellation);

    /// <summary>The last <paramref name="limit"/> requests, oldest first.</summary>
    public Task<IReadOnlyList<RecordedRequest>> RequestsAsync(string? model = null, int limit = int.MaxValue, CancellationToken cancellation = default) =>
        GetAsync($"requests?limit={limit}&model={Uri.EscapeDataString(model ?? "")}", ControlJson.Default.IReadOnlyListRecordedRequest, cancellation);

    public Task ClearRequestsAsync(CancellationToken cancellation = default) => DeleteAsync("requests", cancellation);

    public Task<MockStats> StatsAsync(CancellationToken cancellation = default) => GetAsync("stats", ControlJson.Default.MockStats, cancellation);

    /// <summary>Lets <paramref name="count"/> events through the gate, now or when they come.</summary>
    public async Task ReleaseAsync(string gate, int count = 1, CancellationToken cancellation = default)
    {
        using var answer = await _http.PostAsync($"gate/{gate}/release?count={count}", content: null, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until the gate has passed and stopped as many as asked.</summary>
    public Task<GateState> WaitForGateAsync(
        string gate, int minSent = 0, int minWaiting = 0, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        GetAsync($"gate/{gate}/waiting?min_sent={minSent}&min_waiting={minWaiting}&{Limit(timeout)}", ControlJson.Default.GateState, cancellation);

    /// <summary>Waits until exactly <paramref name="count"/> requests are being answered.</summary>
    public Task<MockStats> WaitForInFlightAsync(long count, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        GetAsync($"wait?in_flight={count}&{Limit(timeout)}", ControlJson.Default.MockStats, cancellation);

    /// <summary>Waits until at least <paramref name="count"/> clients have gone before their answer's end.</summary>
    public Task<MockStats> WaitForCanceledAsync(long count, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        GetAsync($"wait?canceled={count}&{Limit(timeout)}", ControlJson.Default.MockStats, cancellation);

    /// <summary>Waits until at least <paramref name="count"/> requests have come.</summary>
    public Task<MockStats> WaitForRequestsAsync(long count, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        GetAsync($"wait?requests={count}&{Limit(timeout)}", ControlJson.Default.MockStats, cancellation);

    public void Dispose() => _http.Dispose();

    private static string Limit(TimeSpan? timeout) => $"timeout_ms={(int)(timeout ?? MockUpstreamServer.DefaultTimeout).TotalMilliseconds}";

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(path, cancellation);
        if (answer.StatusCode == HttpStatusCode.RequestTimeout)
        {
            throw new TimeoutException($"{path}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }

        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync(type, cancellation))!;
    }

    private async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var answer = await _http.DeleteAsync(path, cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
