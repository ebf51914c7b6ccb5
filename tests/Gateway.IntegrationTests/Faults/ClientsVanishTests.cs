using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>Five hundred clients leave in the middle of their streams: each upstream is told, and nothing stays behind.</summary>
public sealed class ClientsVanishTests
{
    private const int Rounds = 10;
    private const int AtOnce = 50;
    private const string MetricsToken = "metrics-token-of-the-vanishing-clients-0123";

    [Fact]
    public async Task Stream_FiveHundredClientsVanish_UpstreamsAreCanceledAndNothingLeaks()
    {
        await using var mock = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "up", Journal = false });
        // The provider has places for one round: a place that was not given back would be missed in the next.
        var declaration = new GatewayDeclaration()
            .Provider("up", mock.OpenAIBaseUrl, maxConcurrency: AtOnce)
            .Model("stream", ("up", "mock-hang-after=3"))
            .Model("plain", ("up", "mock-ok"));
        declaration.Environment["PROMETHEUS_TOKEN"] = MetricsToken;
        await using var site = new GatewaySite(declaration);
        var gateway = await site.StartAsync();
        await RoundAsync(gateway, mock);
        await WhenQuietAsync(gateway, mock);
        var files = OpenFiles(gateway);

        for (var round = 1; round < Rounds; round++)
        {
            await RoundAsync(gateway, mock);
        }

        Assert.Equal(Rounds * AtOnce, (await mock.Control.WaitForCanceledAsync(Rounds * AtOnce, Timeouts.Wait)).Canceled);
        await WhenQuietAsync(gateway, mock);
        await Eventually.TrueAsync(() => OpenFiles(gateway) <= files + 5, $"no more than the {files} open files of before");
        await Eventually.TrueAsync(async () => (await site.Logs.AllAsync()).Count(r => r.ErrorCode == "client_gone") == Rounds * AtOnce, "each is accounted");
        TestContext.Current.TestOutputHelper?.WriteLine($"{Rounds * AtOnce} streams left; open files {files} before, {OpenFiles(gateway)} after");
        using var client = new ChatClient(gateway.Address, GatewaySite.Key);
        Assert.Equal(200, (await client.AskAsync("plain")).Status);
    }

    private static async Task RoundAsync(GatewayProcess gateway, MockUpstreamProcess mock)
    {
        using var client = new ChatClient(gateway.Address, GatewaySite.Key);
        using var leaving = new CancellationTokenSource();
        var streams = Enumerable.Range(0, AtOnce).Select(_ => ReadUntilGoneAsync(client, leaving.Token)).ToList();
        await Task.WhenAll(streams.Select(s => s.Seen));
        await leaving.CancelAsync();
        await Task.WhenAll(streams.Select(s => s.Done));
        await mock.Control.WaitForInFlightAsync(0, Timeouts.Wait);
    }

    private static (Task Seen, Task Done) ReadUntilGoneAsync(ChatClient client, CancellationToken leaving)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (seen.Task, RunAsync());

        async Task RunAsync()
        {
            try
            {
                using var response = await client.OpenAsync(ChatClient.Body("stream", stream: true), leaving);
                response.EnsureSuccessStatusCode();
                await using var body = await response.Content.ReadAsStreamAsync(leaving);
                await foreach (var data in ChatClient.EventsAsync(body, leaving))
                {
                    if (ChatReply.TextOf(data).Length > 0)
                    {
                        seen.TrySetResult();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                seen.TrySetCanceled(CancellationToken.None);
            }
            catch (HttpRequestException e)
            {
                seen.TrySetException(e);
            }
        }
    }

    /// <summary>No request is served but the one that asks for the metrics, and no upstream request runs.</summary>
    private static async Task WhenQuietAsync(GatewayProcess gateway, MockUpstreamProcess mock)
    {
        await mock.Control.WaitForInFlightAsync(0, Timeouts.Wait);
        await Eventually.TrueAsync(async () => await Metrics.SumAsync(gateway.Address, MetricsToken, "http_server_active_requests") == 1, "no request is in flight");
        await Eventually.TrueAsync(async () => await Metrics.SumAsync(gateway.Address, MetricsToken, "kestrel_active_connections") <= 2, "the clients' connections are gone");
    }

    private static int OpenFiles(GatewayProcess gateway) => Directory.GetFiles($"/proc/{gateway.Id}/fd").Length;
}
