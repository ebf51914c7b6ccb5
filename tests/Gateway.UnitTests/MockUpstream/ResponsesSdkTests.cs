using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;
using OpenAI.Responses;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>The stock OpenAI client is content with the mock's Responses: what holds of the mock for it, holds of providers.</summary>
public sealed class ResponsesSdkTests : MockFixture
{
    private const string Key = "sk-upstream";

    protected override MockUpstreamOptions Options => new() { ApiKeys = [Key] };

    [Fact]
    public async Task CreateResponse_OrdinaryModel_AnswersWithTextAndUsage()
    {
        ResponseResult answer = await Client().CreateResponseAsync("alpha", "hello");

        Assert.Equal(("resp_mock_1", "alpha", ResponseStatus.Completed), (answer.Id, answer.Model, answer.Status));
        Assert.Equal(Words.Text(new Behaviour()), answer.GetOutputText());
        Assert.Equal((8, answer.Usage.InputTokenCount + 8), (answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount));
    }

    [Fact]
    public async Task CreateResponseStreaming_ThinkingAndText_EveryEventIsThereInOrder()
    {
        var updates = await StreamAsync(Ask("mock-reasoning=2+chunks=2"));

        Assert.Equal(
            [
                typeof(StreamingResponseCreatedUpdate), typeof(StreamingResponseInProgressUpdate),
                typeof(StreamingResponseOutputItemAddedUpdate), typeof(StreamingResponseReasoningSummaryPartAddedUpdate),
                typeof(StreamingResponseReasoningSummaryTextDeltaUpdate), typeof(StreamingResponseReasoningSummaryTextDeltaUpdate),
                typeof(StreamingResponseReasoningSummaryTextDoneUpdate), typeof(StreamingResponseReasoningSummaryPartDoneUpdate),
                typeof(StreamingResponseOutputItemDoneUpdate),
                typeof(StreamingResponseOutputItemAddedUpdate), typeof(StreamingResponseContentPartAddedUpdate),
                typeof(StreamingResponseOutputTextDeltaUpdate), typeof(StreamingResponseOutputTextDeltaUpdate),
                typeof(StreamingResponseOutputTextDoneUpdate), typeof(StreamingResponseContentPartDoneUpdate),
                typeof(StreamingResponseOutputItemDoneUpdate), typeof(StreamingResponseCompletedUpdate),
            ],
            updates.Select(u => u.GetType()));
        Assert.Equal(Enumerable.Range(0, updates.Count), updates.Select(u => u.SequenceNumber));
        Assert.Equal("token1 token2", string.Concat(updates.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(u => u.Delta)));
        var whole = updates.OfType<StreamingResponseCompletedUpdate>().Single().Response;
        Assert.Equal("thought1 thought2", whole.OutputItems.OfType<ReasoningResponseItem>().Single().GetSummaryText());
        Assert.Equal((4, 2), (whole.Usage.OutputTokenCount, whole.Usage.OutputTokenDetails.ReasoningTokenCount));
    }

    [Fact]
    public async Task CreateResponseStreaming_Tools_StreamsTheirArguments()
    {
        var ask = Ask("mock-tools=2");
        ask.Tools.Add(Tool("first"));
        ask.Tools.Add(Tool("second"));

        var updates = await StreamAsync(ask);

        var calls = updates.OfType<StreamingResponseOutputItemDoneUpdate>().Select(u => Assert.IsType<FunctionCallResponseItem>(u.Item)).ToArray();
        Assert.Equal([("call_mock_1_1", "first"), ("call_mock_1_2", "second")], calls.Select(c => (c.CallId, c.FunctionName)));
        var pieces = updates.OfType<StreamingResponseFunctionCallArgumentsDeltaUpdate>().Where(u => u.OutputIndex == 1).ToArray();
        Assert.True(pieces.Length > 3);
        Assert.Equal(calls[1].FunctionArguments.ToString(), string.Concat(pieces.Select(p => p.Delta)));
        Assert.Equal("city2", JsonElement.Parse(calls[1].FunctionArguments.ToString()).GetProperty("city").GetString());
    }

    [Fact]
    public async Task CreateResponse_ToolLoopWithoutStore_EndsAfterToolResult()
    {
        var ask = Ask("mock-tools+reasoning");
        ask.StoredOutputEnabled = false;
        ask.IncludedProperties.Add(IncludedResponseProperty.ReasoningEncryptedContent);
        ask.Tools.Add(Tool("first"));

        ResponseResult call = await Client().CreateResponseAsync(ask);
        foreach (var item in call.OutputItems)
        {
            ask.InputItems.Add(item);
        }

        ask.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.OutputItems.OfType<FunctionCallResponseItem>().Single().CallId, "sunny"));
        ResponseResult answer = await Client().CreateResponseAsync(ask);

        Assert.NotEmpty(call.OutputItems.OfType<ReasoningResponseItem>().Single().EncryptedContent);
        Assert.StartsWith("token1", answer.GetOutputText(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClientResultException>(() => Client().GetResponseAsync(call.Id));
    }

    [Fact]
    public async Task CreateResponse_PreviousResponse_IsKnownOnlyHere()
    {
        await using var other = await MockUpstreamHost.StartAsync(Options);
        var ask = Ask("mock-tools");
        ask.Tools.Add(Tool("first"));
        ResponseResult call = await Client().CreateResponseAsync(ask);
        var callId = call.OutputItems.OfType<FunctionCallResponseItem>().Single().CallId;
        ResponseItem[] result = [ResponseItem.CreateFunctionCallOutputItem(callId, "sunny")];

        ResponseResult answer = await Client().CreateResponseAsync("mock-tools", result, call.Id);
        var unanswered = await Assert.ThrowsAsync<ClientResultException>(() => Client().CreateResponseAsync("mock-tools", "go on", call.Id));
        var elsewhere = await Assert.ThrowsAsync<ClientResultException>(() => Client(other).CreateResponseAsync("mock-tools", result, call.Id));

        Assert.Equal(call.Id, answer.PreviousResponseId);
        Assert.StartsWith("token1", answer.GetOutputText(), StringComparison.Ordinal);
        Assert.Contains("No tool output found", unanswered.Message, StringComparison.Ordinal);
        Assert.Equal(400, elsewhere.Status);
        Assert.Contains("previous_response_not_found", elsewhere.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_Stored_IsTheSameUntilDeleted()
    {
        ResponseResult made = await Client().CreateResponseAsync("alpha", "hello");

        ResponseResult found = await Client().GetResponseAsync(made.Id);
        var input = await Client().GetResponseInputItemsAsync(made.Id).ToListAsync();
        ResponseDeletionResult gone = await Client().DeleteResponseAsync(made.Id);

        Assert.Equal(made.GetOutputText(), found.GetOutputText());
        Assert.Equal("hello", Assert.IsType<MessageResponseItem>(Assert.Single(input), exactMatch: false).Content.Single().Text);
        Assert.True(gone.Deleted);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => Client().GetResponseAsync(made.Id))).Status);
    }

    [Fact]
    public async Task GetResponse_InBackground_IsDoneOnceTheGateOpens()
    {
        Mock.Script("alpha", Gated("door"));
        var ask = Ask("alpha");
        ask.BackgroundModeEnabled = true;

        ResponseResult made = await Client().CreateResponseAsync(ask);
        async Task<ResponseStatus?> LookAsync() => (await Client().GetResponseAsync(made.Id)).Value.Status;

        Assert.Equal(ResponseStatus.Queued, made.Status);
        Assert.Equal([ResponseStatus.InProgress, ResponseStatus.InProgress], [await LookAsync(), await LookAsync()]);
        Mock.Release("door");
        Assert.Equal(ResponseStatus.Completed, await LookAsync());
        Assert.Equal(ResponseStatus.Completed, (await Client().CancelResponseAsync(made.Id)).Value.Status);
    }

    [Fact]
    public async Task CancelResponse_InBackground_IsCancelled()
    {
        var ask = Ask("alpha");
        ask.BackgroundModeEnabled = true;
        ResponseResult made = await Client().CreateResponseAsync(ask);
        ResponseResult plain = await Client().CreateResponseAsync("alpha", "hello");

        ResponseResult cancelled = await Client().CancelResponseAsync(made.Id);

        Assert.Equal(ResponseStatus.Cancelled, cancelled.Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<ClientResultException>(() => Client().CancelResponseAsync(plain.Id))).Status);
    }

    [Fact]
    public async Task CreateResponseStreaming_Limit_IsIncomplete()
    {
        var ask = Ask("mock-chunks=20");
        ask.MaxOutputTokenCount = 16;

        var updates = await StreamAsync(ask);

        var end = Assert.IsType<StreamingResponseIncompleteUpdate>(updates[^1]).Response;
        Assert.Equal(ResponseIncompleteStatusReason.MaxOutputTokens, end.IncompleteStatusDetails.Reason);
        Assert.Equal(Words.Text(new Behaviour { Chunks = 16 }), end.GetOutputText());
    }

    [Fact]
    public async Task CreateResponseStreaming_Refusal_IsRefusal()
    {
        var updates = await StreamAsync(Ask("mock-refusal+text=I will not"));

        Assert.Equal("I will not", string.Concat(updates.OfType<StreamingResponseRefusalDeltaUpdate>().Select(u => u.Delta)));
    }

    [Fact]
    public async Task CreateResponseStreaming_Error_ComesInTheStream()
    {
        var broken = await StreamAsync(Ask("mock-error-after=6+error-message=no luck"));
        var failed = await StreamAsync(Ask("mock-finish-reason=failed"));

        var error = Assert.IsType<StreamingResponseErrorUpdate>(broken[^1]);
        Assert.Equal(("no luck", "server_error", 6), (error.Message, error.Code, error.SequenceNumber));
        Assert.Equal("token1 token2", string.Concat(broken.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(u => u.Delta)));
        Assert.Equal(ResponseStatus.Failed, (await Client().GetResponseAsync("resp_mock_1")).Value.Status);
        Assert.Equal("server_error", Assert.IsType<StreamingResponseFailedUpdate>(failed[^1]).Response.Error.Code.ToString());
    }

    [Theory]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task CreateResponse_ScriptedStatus_ThrowsWithIt(int status)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Client().CreateResponseAsync($"mock-status={status}+error-message=no luck", "hello"));

        Assert.Equal(status, error.Status);
        Assert.Contains("no luck", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mock-crlf+comments=2+bom")]
    [InlineData("mock-multi-line-data")]
    [InlineData("mock-no-space+split-bytes=7")]
    public async Task CreateResponseStreaming_OddFraming_ReadsTheSame(string model)
    {
        var updates = await StreamAsync(Ask(model));

        Assert.Equal(Words.Text(new Behaviour()), string.Concat(updates.OfType<StreamingResponseOutputTextDeltaUpdate>().Select(u => u.Delta)));
    }

    private static FunctionTool Tool(string name) => ResponseTool.CreateFunctionTool(name, BinaryData.FromString("""{"type":"object"}"""), strictModeEnabled: false);

    private static CreateResponseOptions Ask(string model) => new(model, [ResponseItem.CreateUserMessageItem("hello")]);

    private async Task<List<StreamingResponseUpdate>> StreamAsync(CreateResponseOptions ask)
    {
        ask.StreamingEnabled = true;
        var updates = new List<StreamingResponseUpdate>();
        await foreach (var update in await Client().CreateResponseStreamingAsync(ask))
        {
            updates.Add(update);
        }

        return updates;
    }

    private ResponsesClient Client(MockUpstreamServer? mock = null) => new(
        new ApiKeyCredential(Key),
        new ResponsesClientOptions { Endpoint = (mock ?? Mock).OpenAIBaseUrl, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
}
