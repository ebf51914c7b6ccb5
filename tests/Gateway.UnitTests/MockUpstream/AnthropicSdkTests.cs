using System.Text.Json;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>The stock Anthropic client is content with the mock: what holds of the mock for it, holds of providers.</summary>
public sealed class AnthropicSdkTests : MockFixture
{
    private const string Key = "sk-ant-upstream";

    protected override MockUpstreamOptions Options => new() { ApiKeys = [Key], Models = ["alpha", "beta", "gamma"] };

    [Fact]
    public async Task ListModels_InPages_ListsThem()
    {
        var page = await Client().Models.List(new() { Limit = 2 });
        var next = await page.Next();

        Assert.Equal(["alpha", "beta"], page.Items.Select(m => m.ID));
        Assert.True(page.HasNext());
        Assert.Equal(["gamma"], next.Items.Select(m => m.ID));
        Assert.False(next.HasNext());
        Assert.Equal("beta", (await Client().Models.Retrieve("beta")).ID);
    }

    [Fact]
    public async Task Create_OrdinaryModel_AnswersWithTextAndUsage()
    {
        var answer = await Client().Messages.Create(Ask("alpha"));

        answer.Validate();
        Assert.Equal(("msg_mock_1", "alpha"), (answer.ID, answer.Model.Raw()));
        Assert.Equal(Words.Text(new Behaviour()), Text(answer));
        Assert.Equal("end_turn", answer.StopReason!.Raw());
        Assert.Equal(8, answer.Usage.OutputTokens);
    }

    [Fact]
    public async Task Create_Thinking_ComesSignedBeforeTheText()
    {
        var answer = await Client().Messages.Create(Ask("mock-reasoning=2"));

        Assert.True(answer.Content[0].TryPickThinking(out var thinking));
        Assert.Equal("thought1 thought2", thinking.Thinking);
        Assert.NotEmpty(thinking.Signature);
        Assert.Equal(2, answer.Usage.OutputTokensDetails!.ThinkingTokens);
    }

    [Fact]
    public async Task CreateStreaming_ThinkingAndText_ComeAsNumberedBlocks()
    {
        var events = await StreamAsync(Ask("mock-reasoning=2"));

        Assert.Equal([0, 1], events.Select(e => e.TryPickContentBlockStart(out var start) ? (long?)start.Index : null).OfType<long>());
        Assert.Equal([0, 1], events.Select(e => e.TryPickContentBlockStop(out var stop) ? (long?)stop.Index : null).OfType<long>());
        Assert.Equal("thought1 thought2", Deltas(events, 0, d => d.TryPickThinking(out var it) ? it.Thinking : ""));
        Assert.NotEmpty(Deltas(events, 0, d => d.TryPickSignature(out var it) ? it.Signature : ""));
        Assert.Equal(Words.Text(new Behaviour()), Deltas(events, 1, d => d.TryPickText(out var it) ? it.Text : ""));
        Assert.True(events[0].TryPickStart(out var first));
        Assert.True(events[^2].TryPickDelta(out var end));
        Assert.True(events[^1].TryPickStop(out _));
        Assert.Equal(("end_turn", 10L), (end.Delta.StopReason!.Raw(), end.Usage.OutputTokens));
        Assert.Equal(end.Usage.InputTokens, first.Message.Usage.InputTokens);
    }

    [Fact]
    public async Task CreateStreaming_Tools_StreamsTheirArguments()
    {
        var events = await StreamAsync(Ask("mock-tools=2") with { Tools = [Tool("first"), Tool("second")] });

        var calls = events.Select(e => e.TryPickContentBlockStart(out var start) && start.ContentBlock.TryPickToolUse(out var use) ? use : null)
            .OfType<ToolUseBlock>();
        Assert.Equal([("toolu_mock_1_1", "first"), ("toolu_mock_1_2", "second")], calls.Select(call => (call.ID, call.Name)));
        var arguments = Deltas(events, 1, d => d.TryPickInputJson(out var it) ? it.PartialJson : "");
        Assert.Equal("city2", JsonElement.Parse(arguments).GetProperty("city").GetString());
        Assert.True(events[^2].TryPickDelta(out var end));
        Assert.Equal("tool_use", end.Delta.StopReason!.Raw());
    }

    [Fact]
    public async Task Create_ToolLoop_EndsAfterToolResult()
    {
        var ask = Ask("mock-tools+reasoning") with { Tools = [Tool("first")] };

        var call = await Client().Messages.Create(ask);
        Assert.True(call.Content[0].TryPickThinking(out var thought));
        Assert.True(call.Content[1].TryPickToolUse(out var use));
        var answer = await Client().Messages.Create(ask with
        {
            Messages =
            [
                new UserMessageParam("hello"),
                new AssistantMessageParam(new List<ContentBlockParam>
                {
                    new ThinkingBlockParam { Thinking = thought.Thinking, Signature = thought.Signature },
                    new ToolUseBlockParam { ID = use.ID, Name = use.Name, Input = use.Input },
                }),
                new UserMessageParam(new List<ContentBlockParam> { new ToolResultBlockParam(use.ID) { Content = "sunny" } }),
            ],
        });

        Assert.StartsWith("token1", Text(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, null, "max_tokens", "token1 token2 token3")]
    [InlineData(100, "3 ", "stop_sequence", "token1 token2 token")]
    public async Task Create_Limit_StopsForIt(int most, string? stop, string reason, string text)
    {
        var answer = await Client().Messages.Create(Ask("alpha") with { MaxTokens = most, StopSequences = stop is null ? null : [stop] });

        Assert.Equal((reason, stop, text), (answer.StopReason!.Raw(), answer.StopSequence, Text(answer)));
    }

    [Fact]
    public async Task Create_Refusal_IsRefusal()
    {
        var answer = await Client().Messages.Create(Ask("mock-refusal+text=I will not"));

        Assert.Equal(("refusal", "I will not"), (answer.StopReason!.Raw(), Text(answer)));
    }

    [Fact]
    public async Task Create_CachedTokens_AreCountedBesideTheInput()
    {
        var usage = (await Client().Messages.Create(Ask("mock-prompt-tokens=100+cached-tokens=60+cache-write-tokens=30+completion-tokens=7"))).Usage;

        Assert.Equal((10L, 60L, 30L, 7L), (usage.InputTokens, usage.CacheReadInputTokens, usage.CacheCreationInputTokens, usage.OutputTokens));
    }

    [Fact]
    public async Task CountTokens_OfAsk_AreAQuarterOfItsBytes()
    {
        var count = await Client().Messages.CountTokens(new() { Model = "alpha", Messages = [new UserMessageParam("hello")] });

        Assert.Equal((await Client().Messages.Create(Ask("alpha"))).Usage.InputTokens, count.InputTokens);
    }

    [Fact]
    public async Task Create_ScriptedStatus_ThrowsWithIt()
    {
        var limited = await Assert.ThrowsAsync<AnthropicRateLimitException>(() => Client().Messages.Create(Ask("mock-status=429+error-message=no luck")));
        Assert.Contains("no luck", limited.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<AnthropicOverloadedException>(() => Client().Messages.Create(Ask("mock-status=529")));
        await Assert.ThrowsAsync<AnthropicUnauthorizedException>(() => Client("sk-other").Messages.Create(Ask("alpha")));
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => Client().Models.Retrieve("delta"));
    }

    [Fact]
    public async Task CreateStreaming_ErrorEvent_Throws()
    {
        var error = await Assert.ThrowsAsync<AnthropicSseException>(() => StreamAsync(Ask("mock-error-after=3+error-status=529")));

        Assert.Contains("overloaded_error", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mock-crlf+comments=2+bom")]
    [InlineData("mock-multi-line-data")]
    [InlineData("mock-no-space+split-bytes=7")]
    public async Task CreateStreaming_OddFraming_ReadsTheSame(string model)
    {
        var events = await StreamAsync(Ask(model));

        Assert.Equal(Words.Text(new Behaviour()), Deltas(events, 0, d => d.TryPickText(out var it) ? it.Text : ""));
    }

    private static string Text(Message message) =>
        string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : ""));

    private static string Deltas(List<RawMessageStreamEvent> events, long index, Func<RawContentBlockDelta, string> text) => string.Concat(
        events.Select(e => e.TryPickContentBlockDelta(out var delta) && delta.Index == index ? text(delta.Delta) : ""));

    private static Tool Tool(string name) => new() { Name = name, InputSchema = new InputSchema() };

    private static MessageCreateParams Ask(string model) => new() { Model = model, MaxTokens = 100, Messages = [new UserMessageParam("hello")] };

    private async Task<List<RawMessageStreamEvent>> StreamAsync(MessageCreateParams ask)
    {
        var events = new List<RawMessageStreamEvent>();
        await foreach (var it in Client().Messages.CreateStreaming(ask))
        {
            events.Add(it);
        }

        return events;
    }

    private AnthropicClient Client(string key = Key) => new() { ApiKey = key, BaseUrl = Mock.BaseAddress.ToString().TrimEnd('/'), MaxRetries = 0 };
}
