using System.Diagnostics;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.DataPlane;

/// <summary>A client that leaves takes its upstream request with it and leaves nothing behind.</summary>
public sealed class ClientGoneTests(SharedWorlds worlds) : ChatTests(worlds)
{
    [Theory]
    [InlineData("hang-plain", false)]
    [InlineData("hang-stream", true)]
    public async Task Chat_ClientsLeave_UpstreamsAreCanceledAndEveryPlaceIsFree(string model, bool stream)
    {
        var control = World.HangingMock.Control;
        var canceled = (await control.StatsAsync()).Canceled;
        // The second time proves that the first gave every place back: the provider has no more than these.
        for (var round = 1; round <= 2; round++)
        {
            var clients = Enumerable.Range(0, ChatWorld.Places).Select(_ => new LeavingClient(World.Client, model, stream)).ToList();
            await control.WaitForInFlightAsync(ChatWorld.Places);
            await Task.WhenAll(clients.Select(c => c.SeenAsync()));
            Assert.Equal(503, (await World.Client.AskAsync(model)).Status);

            var clock = Stopwatch.StartNew();
            clients.ForEach(c => c.Leave());
            await control.WaitForCanceledAsync(canceled + ((long)round * ChatWorld.Places));
            TestContext.Current.TestOutputHelper?.WriteLine($"{ChatWorld.Places} upstream requests were canceled within {clock.ElapsedMilliseconds} ms");
            await control.WaitForInFlightAsync(0);
            foreach (var client in clients)
            {
                var row = await World.Logs.OneOfClientAsync(client.Id);
                Assert.Equal((stream ? 200 : 499, "client_gone", false, stream), (row.Status, row.ErrorCode, row.Ok, row.Stream));
                Assert.Equal([("hanging", "canceled")], row.Attempts);
                Assert.Equal(stream, row.OutputTokens > 0);
                client.Dispose();
            }
        }
    }

    /// <summary>Sends at once and reads what comes, until told to leave.</summary>
    private sealed class LeavingClient : IDisposable
    {
        private readonly CancellationTokenSource _leaving = new();
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LeavingClient(ChatClient client, string model, bool stream)
        {
            if (!stream)
            {
                _seen.SetResult();
            }

            _ = RunAsync(client, ChatClient.Body(model, stream));
        }

        public Guid Id { get; } = Guid.NewGuid();

        /// <summary>Waits for the first content, if any is to come.</summary>
        public Task SeenAsync() => _seen.Task.WaitAsync(TestKit.Timeouts.Wait);

        public void Leave() => _leaving.Cancel();

        public void Dispose() => _leaving.Dispose();

        private async Task RunAsync(ChatClient client, string body)
        {
            try
            {
                using var response = await client.OpenAsync(body, _leaving.Token, ("X-Request-Id", Id.ToString()));
                await using var stream = await response.Content.ReadAsStreamAsync(_leaving.Token);
                await foreach (var data in ChatClient.EventsAsync(stream, _leaving.Token))
                {
                    if (ChatReply.TextOf(data).Length > 0)
                    {
                        _seen.TrySetResult();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // It was told to leave.
            }
        }
    }
}
