using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>The stock OpenAI client is content with the mock: what holds of the mock for it, holds of providers.</summary>
public sealed class OpenAISdkTests : MockFixture
{
    private const string Key = "sk-upstream";

    protected override MockUpstreamOptions Options => new() { ApiKeys = [Key], Models = ["alpha", "beta"] };

    [Fact]
    public async Task GetModels_WithModelsGiven_ListsThem()
    {
        var models = await Client().GetOpenAIModelClient().GetModelsAsync();

        Assert.Equal(["alpha", "beta"], models.Value.Select((OpenAIModel m) => m.Id));
    }

    [Fact]
    public async Task GetModel_Unknown_Is404()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Client().GetOpenAIModelClient().GetModelAsync("gamma"));

        Assert.Equal(404, error.Status);
    }

    [Fact]
    public async Task CompleteChat_OrdinaryModel_AnswersWithTextAndUsage()
    {
        ChatCompletion answer = await Chat("alpha").CompleteChatAsync("hello");

        Assert.Equal("chatcmpl-mock-1", answer.Id);
        Assert.Equal("alpha", answer.Model);
        Assert.Equal("token1 token2 token3 token4 token5 token6 token7 token8", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(8, answer.Usage.OutputTokenCount);
        Assert.Equal(answer.Usage.InputTokenCount + 8, answer.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task CompleteChatStreaming_OrdinaryModel_StreamsTextFinishAndUsage()
    {
        var updates = await StreamAsync(Chat("mock-chunks=20"));

        Assert.Equal(Words.Text(new Behaviour { Chunks = 20 }), Text(updates));
        Assert.Equal(20, updates.Count(u => u.ContentUpdate.Any(c => c.Text.Length > 0)));
        Assert.Equal(ChatFinishReason.Stop, updates.Single(u => u.FinishReason is not null).FinishReason);
        Assert.Equal(20, updates.Single(u => u.Usage is not null).Usage.OutputTokenCount);
    }

    [Fact]
    public async Task CompleteChatStreaming_MaxTokens_StopsForLength()
    {
        var updates = await StreamAsync(Chat("alpha"), new ChatCompletionOptions { MaxOutputTokenCount = 3 });

        Assert.Equal("token1 token2 token3", Text(updates));
        Assert.Equal(ChatFinishReason.Length, updates.Single(u => u.FinishReason is not null).FinishReason);
    }

    [Theory]
    [InlineData("mock-tools=2")]
    [InlineData("mock-tools=2+tools-interleaved")]
    public async Task CompleteChatStreaming_Tools_StreamsParallelCalls(string model)
    {
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("first"), ChatTool.CreateFunctionTool("second") } };

        var updates = await StreamAsync(Chat(model), options);

        var pieces = updates.SelectMany(u => u.ToolCallUpdates).ToLookup(t => t.Index);
        Assert.Equal(2, pieces.Count);
        Assert.Equal(["first", "second"], pieces.Select(p => p.Single(t => t.FunctionName is not null).FunctionName));
        Assert.Equal(["call_mock_1_1", "call_mock_1_2"], pieces.Select(p => p.Single(t => t.ToolCallId is not null).ToolCallId));
        Assert.Equal(["city1", "city2"], pieces.Select(p => City(p)));
        Assert.All(pieces, p => Assert.True(p.Count() > 3));
        Assert.Equal(ChatFinishReason.ToolCalls, updates.Single(u => u.FinishReason is not null).FinishReason);
    }

    [Fact]
    public async Task CompleteChat_ToolLoop_EndsAfterToolResult()
    {
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("first") } };
        List<ChatMessage> messages = [new UserChatMessage("hello")];

        ChatCompletion call = await Chat("mock-tools=1").CompleteChatAsync(messages, options);
        messages.Add(new AssistantChatMessage(call));
        messages.Add(new ToolChatMessage(call.ToolCalls.Single().Id, "sunny"));
        ChatCompletion answer = await Chat("mock-tools=1").CompleteChatAsync(messages, options);

        Assert.Equal("first", call.ToolCalls.Single().FunctionName);
        Assert.StartsWith("token1", answer.Content[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteChat_Refusal_IsRefusal()
    {
        ChatCompletion answer = await Chat("mock-refusal+text=I will not").CompleteChatAsync("hello");

        Assert.Equal("I will not", answer.Refusal);
    }

    [Fact]
    public async Task CompleteChat_TokenDetails_AreReported()
    {
        ChatCompletion answer = await Chat("mock-prompt-tokens=100+cached-tokens=60+completion-tokens=40+reasoning-tokens=30").CompleteChatAsync("hello");

        Assert.Equal((100, 40, 140), (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount));
        Assert.Equal(60, answer.Usage.InputTokenDetails.CachedTokenCount);
        Assert.Equal(30, answer.Usage.OutputTokenDetails.ReasoningTokenCount);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task CompleteChat_ScriptedStatus_ThrowsWithIt(int status)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Chat($"mock-status={status}+error-message=no luck").CompleteChatAsync("hello"));

        Assert.Equal(status, error.Status);
        Assert.Contains("no luck", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteChat_WrongKey_Is401()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Chat("alpha", "sk-other").CompleteChatAsync("hello"));

        Assert.Equal(401, error.Status);
        Assert.Contains("invalid_api_key", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mock-crlf+comments=2+bom")]
    [InlineData("mock-multi-line-data")]
    [InlineData("mock-no-space+split-bytes=7")]
    [InlineData("mock-no-done")]
    public async Task CompleteChatStreaming_OddFraming_ReadsTheSame(string model)
    {
        Assert.Equal(Words.Text(new Behaviour()), Text(await StreamAsync(Chat(model))));
    }

    [Fact]
    public async Task CompleteChatStreaming_SplitCharacters_ReadsThemWhole()
    {
        Assert.Equal(Words.Text(new Behaviour { SplitUtf8 = true }), Text(await StreamAsync(Chat("mock-split-utf8"))));
    }

    private static string Text(List<StreamingChatCompletionUpdate> updates) =>
        string.Concat(updates.SelectMany(u => u.ContentUpdate).Select(c => c.Text));

    private static string? City(IEnumerable<StreamingChatToolCallUpdate> pieces)
    {
        var arguments = string.Concat(pieces.Select(p => Encoding.UTF8.GetString(p.FunctionArgumentsUpdate)));
        using var document = JsonDocument.Parse(arguments);
        return document.RootElement.GetProperty("city").GetString();
    }

    private static async Task<List<StreamingChatCompletionUpdate>> StreamAsync(ChatClient chat, ChatCompletionOptions? options = null)
    {
        var updates = new List<StreamingChatCompletionUpdate>();
        await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("hello")], options))
        {
            updates.Add(update);
        }

        return updates;
    }

    private ChatClient Chat(string model, string key = Key) => Client(key).GetChatClient(model);

    private OpenAIClient Client(string key = Key) => new(
        new ApiKeyCredential(key),
        new OpenAIClientOptions { Endpoint = Mock.OpenAIBaseUrl, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
}
