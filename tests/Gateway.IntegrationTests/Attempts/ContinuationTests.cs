using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.Gateway.IntegrationTests.Protocols;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.IntegrationTests.Attempts;

/// <summary>An upstream dies within its answer, and another goes on: the client has one whole answer of its protocol.</summary>
public sealed class ContinuationTests(SharedWorlds worlds) : AttemptTests(worlds)
{
    private static readonly Dictionary<string, string> OutputCounts = new()
    {
        ["chat"] = "completion_tokens",
        ["responses"] = "output_tokens",
        ["messages"] = "output_tokens",
        ["gemini"] = "candidatesTokenCount",
    };

    public static TheoryData<string, string, string> All
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (var first in ProtocolWorld.Kinds)
            {
                foreach (var second in AttemptWorld.Continuing)
                {
                    foreach (var client in ProtocolClient.Protocols)
                    {
                        all.Add(first, second, client);
                    }
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Stream_UpstreamDies_AnotherOfAnyKindEndsTheAnswer(string first, string second, string protocol)
    {
        var client = new ProtocolClient(protocol);

        var reply = await World.Client.SendAsync(client.Ask(AttemptWorld.ContinuedModel(first, second, protocol), stream: true));

        var answer = client.Read(reply, stream: true);
        Assert.True(answer.EndedProperly, reply.Body);
        Assert.Equal(Words.Text(new Behaviour()), TextOf(answer));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal((200, null, true), (row.Status, row.ErrorCode, row.Ok));
        Assert.Equal(["network", "ok"], row.Attempts.Select(a => a.Category));
        Assert.Equal([null, "continuation"], row.OfAttempts("role"));
        Assert.Equal($"continued_by {row.Attempts[1].Provider}/mock-ok", row.OfAttempts("note")[0]);
        // The second says all eight words again; what the first had said is paid for too.
        Assert.True(row is { OutputTokens: > 8, TokensEstimated: true });
        Assert.Equal(row.OutputTokens, answer.Usage[OutputCounts[protocol]]);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task Stream_SecondGoesOn_ItsWordsFollowTheFirstsAndItWasToldThem(string second)
    {
        var reply = await World.Client.AskAsync("rest-by-" + second, stream: true, extra: ",\"max_tokens\":100");

        Assert.Equal(("token1 token2 token3" + AttemptWorld.Rest, "[DONE]"), (reply.StreamText, reply.Events[^1]));
        Assert.Single(reply.Events, e => e.Contains("\"role\"", StringComparison.Ordinal));
        Assert.Single(reply.Events.SkipLast(1).Select(e => System.Text.Json.JsonDocument.Parse(e).RootElement.GetProperty("id").GetString()).Distinct());
        var asked = (await World.Healthy.Control.RequestsAsync("says-the-rest")).Last(r => r.Path.Contains(PathOf(second), StringComparison.Ordinal)).BodyText;
        var (said, begun) = (asked.IndexOf("Say something.", StringComparison.Ordinal), asked.IndexOf("token1 token2 token3", StringComparison.Ordinal));
        Assert.True(said >= 0 && begun > said, asked);
    }

    [Fact]
    public async Task Stream_SecondDiesAsWell_TheThirdEndsIt()
    {
        var reply = await World.Client.AskAsync("thrice", stream: true);

        Assert.Equal((Words.Text(new Behaviour()), "[DONE]"), (reply.StreamText, reply.Events[^1]));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal(["network", "network", "ok"], row.Attempts.Select(a => a.Category));
    }

    [Fact]
    public async Task Stream_NobodyCanGoOn_EndsWithTheProtocolsError()
    {
        var reply = await World.Client.AskAsync("continued-in-vain", stream: true);

        Assert.Equal("token1 token2 token3", string.Concat(reply.Events.Where(e => !e.Contains("\"error\"", StringComparison.Ordinal)).Select(ChatReply.TextOf)));
        Assert.Contains(reply.Events, e => e.Contains("upstream_failed", StringComparison.Ordinal));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal(("upstream_failed", false), (row.ErrorCode, row.Ok));
        Assert.Equal([("poor-openai", "network"), ("healthy-openai", "upstream_error")], row.Attempts);
    }

    [Theory]
    [InlineData("broken-call", "openai", "untouched-call")]
    [InlineData("broken-json", "openai", "untouched-json")]
    [InlineData("broken-seal", "anthropic", "untouched-seal")]
    public async Task Stream_NotPlainText_IsNotContinued(string model, string kind, string untouched)
    {
        var client = new ProtocolClient(kind == "openai" ? "chat" : "messages");
        var extra = model == "broken-json" ? """{"response_format":{"type":"json_object"}}""" : "{}";

        var reply = await World.Client.SendAsync(client.Ask(model, stream: true, tools: model == "broken-call", extra: extra));

        Assert.False(client.Read(reply, stream: true).EndedProperly);
        Assert.Empty(await World.Healthy.Control.RequestsAsync(untouched));
        Assert.Single((await World.Logs.OneAsync(reply.RequestId)).Attempts);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    [InlineData("gemini")]
    public async Task Stream_NothingFails_IsTheAnswerOfItsUpstream(string protocol)
    {
        var client = new ProtocolClient(protocol);

        var reply = await World.Client.SendAsync(client.Ask("continued-whole", stream: true));

        var answer = client.Read(reply, stream: true);
        Assert.Equal((Words.Text(new Behaviour()), true), (TextOf(answer), answer.EndedProperly));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal((8, false), (row.OutputTokens, row.TokensEstimated));
        Assert.Equal(8, answer.Usage[OutputCounts[protocol]]);
    }

    private static string PathOf(string kind) => kind switch { "openai" => "/chat/completions", "anthropic" => "/messages", _ => "streamGenerateContent" };

    private static string TextOf(SeenAnswer answer) => string.Concat(answer.Choices[0].Parts.Where(p => p.Kind == SeenKind.Text).Select(p => p.Text));
}
