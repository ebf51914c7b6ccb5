using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Scripting;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace AIHigress.Gateway.IntegrationTests.DataPlane;

/// <summary>The stock OpenAI client sees a provider like any other.</summary>
public sealed class OpenAISdkTests(SharedWorlds worlds) : ChatTests(worlds)
{
    private static readonly ChatCompletionOptions TwoTools = new()
    {
        Tools = { ChatTool.CreateFunctionTool("first"), ChatTool.CreateFunctionTool("second") },
    };

    [Fact]
    public async Task GetModels_OfAKey_ListsItsModels()
    {
        var models = await Client(ChatWorld.NarrowKey).GetOpenAIModelClient().GetModelsAsync();

        Assert.Equal(["crlf", "plain"], models.Value.Select((OpenAIModel m) => m.Id));
    }

    [Fact]
    public async Task CompleteChat_Plain_AnswersWithTextAndUsage()
    {
        OpenAI.Chat.ChatCompletion answer = await Chat("plain").CompleteChatAsync("hello");

        Assert.Equal(Words.Text(new Behaviour()), answer.Content[0].Text);
        Assert.Equal((ChatFinishReason.Stop, 8), (answer.FinishReason, answer.Usage.OutputTokenCount));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("everything-odd")]
    [InlineData("multi-line")]
    public async Task CompleteChatStreaming_AnyForm_StreamsTextFinishAndUsage(string model)
    {
        var updates = await StreamAsync(Chat(model), new ChatCompletionOptions());

        Assert.Equal(Words.Text(new Behaviour()), string.Concat(updates.SelectMany(u => u.ContentUpdate).Select(c => c.Text)));
        Assert.Equal(ChatFinishReason.Stop, updates.Single(u => u.FinishReason is not null).FinishReason);
        Assert.Equal(8, updates.Single(u => u.Usage is not null).Usage.OutputTokenCount);
    }

    [Fact]
    public async Task CompleteChat_ToolLoop_CallsToolsAndEnds()
    {
        List<ChatMessage> messages = [new UserChatMessage("hello")];

        OpenAI.Chat.ChatCompletion calls = await Chat("tools").CompleteChatAsync(messages, TwoTools);
        messages.Add(new AssistantChatMessage(calls));
        messages.AddRange(calls.ToolCalls.Select(call => new ToolChatMessage(call.Id, "sunny")));
        OpenAI.Chat.ChatCompletion answer = await Chat("tools").CompleteChatAsync(messages, TwoTools);

        Assert.Equal(["first", "second"], calls.ToolCalls.Select(c => c.FunctionName));
        Assert.StartsWith("token1", answer.Content[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteChatStreaming_Tools_StreamsParallelCalls()
    {
        var updates = await StreamAsync(Chat("tools"), TwoTools);

        var calls = updates.SelectMany(u => u.ToolCallUpdates).ToLookup(t => t.Index);
        Assert.Equal(["first", "second"], calls.Select(c => c.Single(t => t.FunctionName is not null).FunctionName));
        foreach (var call in calls)
        {
            using var arguments = JsonDocument.Parse(string.Concat(call.Select(t => Encoding.UTF8.GetString(t.FunctionArgumentsUpdate))));
            Assert.Equal(JsonValueKind.Object, arguments.RootElement.ValueKind);
        }
    }

    [Theory]
    [InlineData("nobody-has-this", 404, "model_not_found")]
    [InlineData("not-found", 404, "upstream_rejected")]
    [InlineData("limited", 429, "upstream_rate_limited")]
    [InlineData("broken", 502, "upstream_failed")]
    public async Task CompleteChat_Fails_ThrowsWithStatusAndCode(string model, int status, string code)
    {
        var plain = await Assert.ThrowsAsync<ClientResultException>(() => Chat(model).CompleteChatAsync("hello"));

        Assert.Equal(status, plain.Status);
        Assert.Contains(code, plain.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sk-aih-nobody-ever-made-this-key", 401, "invalid_api_key")]
    [InlineData(ChatWorld.DisabledKey, 403, "disabled_api_key")]
    public async Task CompleteChatStreaming_BadKey_ThrowsWithStatusAndCode(string key, int status, string code)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => StreamAsync(Client(key).GetChatClient("plain"), new ChatCompletionOptions()));

        Assert.Equal(status, error.Status);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<StreamingChatCompletionUpdate>> StreamAsync(OpenAI.Chat.ChatClient chat, ChatCompletionOptions options)
    {
        var updates = new List<StreamingChatCompletionUpdate>();
        await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("hello")], options))
        {
            updates.Add(update);
        }

        return updates;
    }

    private OpenAI.Chat.ChatClient Chat(string model) => Client(GatewaySite.Key).GetChatClient(model);

    private OpenAIClient Client(string key) => new(
        new ApiKeyCredential(key),
        new OpenAIClientOptions { Endpoint = new Uri(World.Gateway.Address + "/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
}
