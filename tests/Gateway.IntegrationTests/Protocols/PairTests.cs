using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>Any client protocol over any kind of upstream: the same answer, streamed or not, in the client's own grammar.</summary>
public sealed class PairTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Text_AnyPair_ArrivesWithItsUsage(string protocol, string kind)
    {
        var client = new ProtocolClient(protocol);
        var model = ProtocolWorld.ModelOf("text", kind);

        var plain = await World.Client.SendAsync(client.Ask(model));
        var streamed = await World.Client.SendAsync(client.Ask(model, stream: true));

        var whole = client.Read(plain, stream: false);
        Assert.Equal("Grüße, 世界 😀 \"quoted\"\nline", string.Concat(whole.Choices[0].Parts.Where(p => p.Kind == SeenKind.Text).Select(p => p.Text)));
        var folded = client.Read(streamed, stream: true);
        Assert.Equal((whole.Content, true), (folded.Content, folded.EndedProperly));
        Assert.Equal(whole.Usage.Where(u => u.Value > 0), folded.Usage.Where(u => u.Value > 0));
        foreach (var reply in new[] { plain, streamed })
        {
            var row = await World.Logs.OneAsync(reply.RequestId);
            Assert.Equal((40, 60, 10, 30, false), (row.InputTokens, row.CachedInputTokens, row.OutputTokens, row.ReasoningTokens, row.TokensEstimated));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Tools_AnyPair_ParallelCallsArriveWhole(string protocol, string kind)
    {
        var client = new ProtocolClient(protocol);
        var model = ProtocolWorld.ModelOf("tools", kind);

        var whole = client.Read(await World.Client.SendAsync(client.Ask(model, tools: true)), stream: false);
        var folded = client.Read(await World.Client.SendAsync(client.Ask(model, stream: true, tools: true)), stream: true);

        foreach (var answer in new[] { whole, folded })
        {
            var calls = answer.Choices[0].Parts.Where(p => p.Kind == SeenKind.ToolCall).ToList();
            Assert.Equal([("weather", ProtocolWorld.Arguments), ("weather", ProtocolWorld.Arguments)], calls.Select(c => (c.Name!, c.Text)));
            Assert.Equal(2, calls.Select(c => c.Id).Distinct().Count());
            Assert.All(calls, c => Assert.False(string.IsNullOrEmpty(c.Id)));
        }

        Assert.Equal(whole.Choices[0].Finish, folded.Choices[0].Finish);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Thinking_AnyPair_ComesBeforeTheText(string protocol, string kind)
    {
        var client = new ProtocolClient(protocol);
        var model = ProtocolWorld.ModelOf("thinking", kind);

        var whole = client.Read(await World.Client.SendAsync(client.Ask(model)), stream: false);
        var folded = client.Read(await World.Client.SendAsync(client.Ask(model, stream: true)), stream: true);

        foreach (var answer in new[] { whole, folded })
        {
            var parts = answer.Choices[0].Parts.Where(p => p.Text.Length > 0).ToList();
            Assert.Equal("thought1 thought2 thought3", string.Concat(parts.Where(p => p.Kind == SeenKind.Reasoning).Select(p => p.Text)));
            Assert.Equal("token1 token2 token3", string.Concat(parts.Where(p => p.Kind == SeenKind.Text).Select(p => p.Text)));
            Assert.Equal(SeenKind.Reasoning, parts[0].Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Refusal_AnyPair_IsSeenAsOne(string protocol, string kind)
    {
        var client = new ProtocolClient(protocol);
        var model = ProtocolWorld.ModelOf("refusal", kind);

        var whole = client.Read(await World.Client.SendAsync(client.Ask(model)), stream: false);
        var folded = client.Read(await World.Client.SendAsync(client.Ask(model, stream: true)), stream: true);

        Assert.Equal(whole.Choices[0].Finish, folded.Choices[0].Finish);
        Assert.True(whole.EndedProperly && folded.EndedProperly);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Length_AnyPair_IsTheClientsOwnWord(string protocol, string kind)
    {
        var client = new ProtocolClient(protocol);
        var model = ProtocolWorld.ModelOf("length", kind);
        var expected = protocol switch { "chat" => "length", "responses" => "incomplete:max_output_tokens", "messages" => "max_tokens", _ => "MAX_TOKENS" };

        Assert.Equal(expected, client.Read(await World.Client.SendAsync(client.Ask(model)), stream: false).Choices[0].Finish);
        Assert.Equal(expected, client.Read(await World.Client.SendAsync(client.Ask(model, stream: true)), stream: true).Choices[0].Finish);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task OddFrames_AnyPair_TextIsWhole(string protocol, string kind)
    {
        var client = new ProtocolClient(protocol);
        var reply = await World.Client.SendAsync(client.Ask(ProtocolWorld.ModelOf("odd-frames", kind), stream: true));

        if ((protocol, kind) == ("chat", "openai"))
        {
            // The events pass as they came; only [DONE], which is ours, has other line ends.
            Assert.Contains("Grüße", reply.Body, StringComparison.Ordinal);
            return;
        }

        Assert.Contains("Grüße, 世界 😀", string.Concat(client.Read(reply, stream: true).Choices[0].Parts.Select(p => p.Text)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task ErrorInsideTheStream_AnyPair_IsTheProtocolsErrorAndNoNormalEnd(string protocol, string kind)
    {
        var client = new ProtocolClient(protocol);
        foreach (var behaviour in new[] { "breaks", "cut" })
        {
            var reply = await World.Client.SendAsync(client.Ask(ProtocolWorld.ModelOf(behaviour, kind), stream: true));

            var seen = client.Read(reply, stream: true);
            Assert.Equal(200, reply.Status);
            Assert.NotNull(seen.Error);
            Assert.False(seen.EndedProperly);
            Assert.Contains("token1", seen.Content, StringComparison.Ordinal);
            Assert.Equal("upstream_failed", (await World.Logs.OneAsync(reply.RequestId)).ErrorCode);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task UsageAbsent_AnyPair_IsCountedAndFlagged(string protocol, string kind)
    {
        var client = new ProtocolClient(protocol);
        var reply = await World.Client.SendAsync(client.Ask(ProtocolWorld.ModelOf("no-usage", kind), stream: true));

        var plain = await World.Client.SendAsync(client.Ask(ProtocolWorld.ModelOf("no-usage", kind)));

        foreach (var (answer, stream) in new[] { (reply, true), (plain, false) })
        {
            var row = await World.Logs.OneAsync(answer.RequestId);
            Assert.True(row.TokensEstimated);
            Assert.True(row is { InputTokens: > 0, OutputTokens: > 5 });
            if (row.Protocol != row.UpstreamProtocol)
            {
                // What is written to the client and what is recorded are the same numbers.
                Assert.Contains(row.OutputTokens, client.Read(answer, stream).Usage.Values);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task FirstProviderOverloaded_AnyPair_TheNextOneAnswers(string protocol, string kind)
    {
        var client = new ProtocolClient(protocol);
        foreach (var stream in new[] { false, true })
        {
            var reply = await World.Client.SendAsync(client.Ask("failover-to-" + kind, stream));

            Assert.True(client.Read(reply, stream).EndedProperly);
            Assert.Equal($"spare-{kind.Replace('_', '-')}/mock-ok", reply.ServedBy);
        }
    }
}
