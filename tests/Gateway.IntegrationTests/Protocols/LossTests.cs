using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>What a target has no words for is named, or refused; never silently gone.</summary>
public sealed class LossTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    [Fact]
    public async Task Hint_TargetHasNoWordForIt_IsDroppedAndNamed()
    {
        var model = ProtocolWorld.ModelOf("text", "anthropic");
        var reply = await World.Client.SendAsync(new ProtocolClient("chat").Ask(model, extra: """{"seed":77123,"logit_bias":{"5":1},"no_such_field":1,"temperature":0.25}"""));

        Assert.Equal(200, reply.Status);
        var dropped = reply.Headers["X-Dropped-Params"].Split(',');
        Assert.Equal(["logit_bias", "no_such_field", "seed"], dropped.Order());
        var sent = (await UpstreamRequestAsync(model)).BodyText;
        Assert.DoesNotContain("77123", sent, StringComparison.Ordinal);
        Assert.Contains("0.25", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hint_SameProtocol_PassesAndNothingIsNamed()
    {
        var model = ProtocolWorld.ModelOf("text", "openai");
        var reply = await World.Client.SendAsync(new ProtocolClient("chat").Ask(model, extra: """{"seed":77123}"""));

        Assert.False(reply.Headers.ContainsKey("X-Dropped-Params"));
        Assert.Contains("77123", (await UpstreamRequestAsync(model)).BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hint_Strict_IsRefusedNamingIt()
    {
        using var request = new ProtocolClient("chat").Ask(ProtocolWorld.ModelOf("text", "anthropic"), extra: """{"seed":77123}""");
        request.Headers.Add("X-Strict", "true");

        var reply = await World.Client.SendAsync(request);

        Assert.Equal((400, "unsupported_by_upstream"), (reply.Status, reply.ErrorCode));
        Assert.Contains("seed", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai_responses")]
    public async Task SeveralAnswers_TargetGivesOne_IsRefused(string kind)
    {
        var reply = await World.Client.SendAsync(new ProtocolClient("chat").Ask(ProtocolWorld.ModelOf("text", kind), extra: """{"n":2}"""));

        Assert.Equal((400, "unsupported_by_upstream"), (reply.Status, reply.ErrorCode));
        Assert.Contains("n", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownBeta_Anthropic_StaysHere()
    {
        var model = ProtocolWorld.ModelOf("text", "anthropic");
        using var request = new ProtocolClient("messages").Ask(model);
        request.Headers.Add("anthropic-beta", "interleaved-thinking-2025-05-14,made-up-2031-01-01");
        request.Headers.Add("x-client-secret", "abc");

        Assert.Equal(200, (await World.Client.SendAsync(request)).Status);

        var headers = (await UpstreamRequestAsync(model)).Headers;
        Assert.Equal("interleaved-thinking-2025-05-14", headers["anthropic-beta"]);
        Assert.Equal("2023-06-01", headers["anthropic-version"]);
        Assert.False(headers.ContainsKey("x-client-secret"));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task MaxTokensMissing_Anthropic_GetsOne(string protocol)
    {
        var model = ProtocolWorld.ModelOf("text", "anthropic");
        Assert.Equal(200, (await World.Client.SendAsync(new ProtocolClient(protocol).Ask(model))).Status);

        using var sent = JsonDocument.Parse((await UpstreamRequestAsync(model)).BodyText!);
        Assert.True(sent.RootElement.GetProperty("max_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task ImageUrl_PrivateAddress_IsNotFetched()
    {
        var body = $$$"""{"model":"{{{ProtocolWorld.ModelOf("text", "gemini")}}}","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{World.Mock.BaseAddress}}}picture.png"}}]}]}""";

        var reply = await World.Client.SendAsync(new ProtocolClient("chat").Post("/v1/chat/completions", body));

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.ErrorCode));
        Assert.Contains("could not be fetched", reply.ErrorMessage, StringComparison.Ordinal);
    }
}
