using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>OpenAI's older text completions pass as bytes over the two kinds that have them.</summary>
public sealed class CompletionsTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    public static TheoryData<string> Kinds => ["openai", "openai_responses"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Completions_Plain_PassAndAreLogged(string kind)
    {
        var reply = await AskAsync(ProtocolWorld.ModelOf("text", kind), ""","max_tokens":100""");

        Assert.Equal(("text_completion", "Grüße, 世界 😀 \"quoted\"\nline"), (reply.Json.GetProperty("object").GetString(), TextOf(reply.Json)));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal(("openai_completions", "openai_completions", false), (row.Protocol, row.UpstreamProtocol, row.Stream));
        Assert.Equal((100, 40, false), (row.InputTokens, row.OutputTokens, row.TokensEstimated));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Completions_Streamed_UsageIsAskedForAndHeldBack(string kind)
    {
        var model = ProtocolWorld.ModelOf("text", kind);
        var reply = await AskAsync(model, ""","stream":true""");

        var sent = (await World.Mock.Control.RequestsAsync(model)).Last(r => r.Path.EndsWith("/completions", StringComparison.Ordinal) && r.BodyText.Contains("\"stream\":true", StringComparison.Ordinal));
        Assert.Contains("\"include_usage\":true", sent.BodyText, StringComparison.Ordinal);
        Assert.Equal("[DONE]", reply.Events[^1]);
        Assert.Equal("Grüße, 世界 😀 \"quoted\"\nline", TextOf(reply));
        Assert.DoesNotContain("prompt_tokens", reply.Body, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"stop\"", reply.Events[^2], StringComparison.Ordinal);
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal((100, 40, false, true), (row.InputTokens, row.OutputTokens, row.TokensEstimated, row.Stream));
        Assert.Equal("openai_completions", row.UpstreamProtocol);
    }

    [Fact]
    public async Task Completions_StreamedWithUsage_ClientGetsTheChunk()
    {
        var reply = await AskAsync("text-over-openai", ""","stream":true,"stream_options":{"include_usage":true}""");

        using var usage = JsonDocument.Parse(reply.Events[^2]);
        Assert.Equal((0, 40), (usage.RootElement.GetProperty("choices").GetArrayLength(), usage.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","stream":true""")]
    public async Task Completions_UsageAbsent_PromptAndTextAreCounted(string extra)
    {
        var reply = await AskAsync(ProtocolWorld.ModelOf("no-usage", "openai"), extra);

        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.True(row is { TokensEstimated: true, InputTokens: > 1, OutputTokens: > 5 }, row.ToString());
    }

    [Theory]
    [InlineData("breaks")]
    [InlineData("cut")]
    public async Task Completions_StreamBreaks_EndsWithAnError(string behaviour)
    {
        var reply = await AskAsync(ProtocolWorld.ModelOf(behaviour, "openai"), ""","stream":true""");

        Assert.StartsWith("token1", TextOf(reply), StringComparison.Ordinal);
        Assert.Contains("\"upstream_failed\"", reply.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"finish_reason\":\"stop\"", reply.Body, StringComparison.Ordinal);
        Assert.Equal("upstream_failed", (await World.Logs.OneAsync(reply.RequestId)).ErrorCode);
    }

    [Theory]
    [InlineData("openai", "")]
    [InlineData("openai", ""","stream":true""")]
    [InlineData("openai_responses", "")]
    [InlineData("openai_responses", ""","stream":true""")]
    public async Task Completions_FirstProviderFails_TheNextOneAnswers(string kind, string extra)
    {
        var reply = await AskAsync("failover-to-" + kind, extra);

        Assert.Equal((200, ProtocolWorld.SpareOf(kind) + "/mock-ok"), (reply.Status, reply.ServedBy));
        Assert.Equal(Words.Text(new Behaviour()), extra.Length > 0 ? TextOf(reply) : TextOf(reply.Json));
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task Completions_OtherKinds_AreUnsupported(string kind)
    {
        var reply = await AskAsync("plain-over-" + kind);

        Assert.Equal((400, "unsupported_by_upstream"), (reply.Status, reply.ErrorCode));
    }

    [Fact]
    public async Task Completions_UpstreamRejects_ItsWordsArrive()
    {
        var reply = await AskAsync(ProtocolWorld.ModelOf("rejects", "openai_responses"), ""","stream":true""");

        Assert.Equal((400, "upstream_rejected"), (reply.Status, reply.ErrorCode));
        Assert.Contains("longer than this model can read", reply.ErrorMessage, StringComparison.Ordinal);
    }

    private Task<ChatReply> AskAsync(string model, string extra = "") =>
        World.Client.SendAsync(new ProtocolClient("chat").Post("/v1/completions", $$"""{"model":"{{model}}","prompt":"Say something."{{extra}}}"""));

    private static string TextOf(JsonElement answer) => answer.GetProperty("choices") is { } choices && choices.GetArrayLength() > 0 && choices[0].TryGetProperty("text", out var text)
        ? text.GetString()!
        : "";

    private static string TextOf(ChatReply reply) => string.Concat(reply.Events.Where(e => e != "[DONE]").Select(e =>
    {
        using var json = JsonDocument.Parse(e);
        return json.RootElement.TryGetProperty("choices", out _) ? TextOf(json.RootElement) : "";
    }));
}
