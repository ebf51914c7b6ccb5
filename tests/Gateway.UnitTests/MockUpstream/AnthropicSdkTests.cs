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

    protected override MockUpstreamOptions Options => new() { ApiKeys = [Key], Models = ["alpha", "beta"] };

    [Fact]
    public async Task Create_OrdinaryModel_AnswersWithTextAndUsage()
    {
        var answer = await Client().Messages.Create(Ask("alpha"));

        Assert.Equal(("msg_mock_1", "alpha"), (answer.ID, answer.Model.Raw()));
        Assert.Equal(Words.Text(new Behaviour()), Text(answer));
        Assert.Equal("end_turn", answer.StopReason!.Raw());
        Assert.Equal(8, answer.Usage.OutputTokens);
        answer.Validate();
    }

    private static string Text(Message message) =>
        string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : ""));

    private static MessageCreateParams Ask(string model) => new() { Model = model, MaxTokens = 100, Messages = [new UserMessageParam("hello")] };

    private AnthropicClient Client(string key = Key) => new() { ApiKey = key, BaseUrl = Mock.BaseAddress.ToString().TrimEnd('/'), MaxRetries = 0 };
}
