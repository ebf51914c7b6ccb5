using System.Text;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>Each piece reaches the client before the upstream has sent its next one: the mock's gate lets them out one by one.</summary>
public sealed class IncrementTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    [Theory]
    [MemberData(nameof(Pairs))]
    public Task Text_AnyPair_EachPieceAtOnce(string protocol, string kind) =>
        FollowAsync(protocol, kind, "gate-text", tools: false, ["token1", "token2", "token3", "token4"]);

    [Theory]
    [MemberData(nameof(Pairs))]
    public Task Thinking_AnyPair_EachPieceAtOnce(string protocol, string kind) =>
        FollowAsync(protocol, kind, "gate-thinking", tools: false, ["thought1", "thought2", "thought3"]);

    [Theory]
    [MemberData(nameof(Pairs))]
    public Task ToolArguments_AnyPair_EachPieceAtOnce(string protocol, string kind) =>
        // Gemini has no pieces of arguments: a call comes whole, as soon as it is.
        FollowAsync(protocol, kind, "gate-tools", tools: true, protocol == "gemini" ? [] : ["mark1", "mark2", "mark3", "mark4"]);

    private async Task FollowAsync(string protocol, string kind, string behaviour, bool tools, string[] pieces)
    {
        var model = $"{ProtocolWorld.ModelOf(behaviour, kind)}-{protocol}";
        var places = await PlacesAsync(kind, model, tools, pieces);
        var client = new ProtocolClient(protocol);
        using var http = new HttpClient { BaseAddress = new Uri(World.Gateway.Address), Timeout = TestKit.Timeouts.Wait };
        using var request = client.Ask(model, stream: true, tools);
        request.Headers.Add("Authorization", "Bearer " + GatewaySite.Key);
        var opening = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var released = 0;
        Stream? body = null;
        var seen = new StringBuilder();
        for (var i = 0; i < pieces.Length; i++)
        {
            await World.Mock.Control.ReleaseAsync(model, places[i] - released);
            released = places[i];
            body ??= await (await opening).Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await ReadUntilAsync(body, seen, pieces[i]);
            if (i + 1 < pieces.Length && places[i + 1] > places[i])
            {
                Assert.DoesNotContain(pieces[i + 1], seen.ToString(), StringComparison.Ordinal);
            }
        }

        await World.Mock.Control.ReleaseAsync(model, 1000);
        body ??= await (await opening).Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var rest = new StreamReader(body);
        seen.Append(await rest.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.All(tools ? ["mark1", "mark4"] : pieces, piece => Assert.Contains(piece, seen.ToString(), StringComparison.Ordinal));
        await body.DisposeAsync();
    }

    /// <summary>Which of the upstream's own events carries each piece, counted from 1.</summary>
    private async Task<int[]> PlacesAsync(string kind, string model, bool tools, string[] pieces)
    {
        var own = new ProtocolClient(kind switch { "openai" => "chat", "openai_responses" => "responses", "anthropic" => "messages", _ => "gemini" });
        using var http = new HttpClient();
        using var request = own.AskDirect(World.Mock.BaseAddress, "open-" + model, tools);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => e.Contains("data:", StringComparison.Ordinal)).ToArray();
        return [.. pieces.Select(piece => Array.FindIndex(events, e => e.Contains(piece, StringComparison.Ordinal)) + 1)];
    }

    private static async Task ReadUntilAsync(Stream body, StringBuilder seen, string piece)
    {
        var buffer = new byte[4096];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TestKit.Timeouts.Wait);
        while (!seen.ToString().Contains(piece, StringComparison.Ordinal))
        {
            int read;
            try
            {
                read = await body.ReadAsync(buffer, limit.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"'{piece}' did not come before the upstream's next event. The client has: {seen}", e);
            }

            Assert.True(read > 0, $"The stream ended before '{piece}': {seen}");
            seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }
}
