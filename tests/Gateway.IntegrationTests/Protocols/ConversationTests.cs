using System.Text.Json.Nodes;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>A conversation with tools, pictures and a document reaches every kind of upstream with all that was said in it.</summary>
public sealed class ConversationTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Conversation_AnyPair_ReachesTheUpstreamWhole(string protocol, string kind)
    {
        var model = ProtocolModels.TalkOf(protocol, kind);

        var reply = await World.Client.SendAsync(Conversation.Whole(protocol, model));

        Assert.True(reply.Status == 200, reply.Body);
        var sent = SentRequest.Read(kind, (await UpstreamRequestAsync(model)).BodyText);
        Assert.Equal("Be exact.", sent.System.Trim());
        Assert.Equal(
            [("user", "Look at these."), ("assistant", "I ask twice."), ("user", "And now?")],
            sent.Texts.Where(t => t.Text is "Look at these." or "I ask twice." or "And now?"));
        Assert.Equal(["weather", "camera"], sent.Tools);
        Assert.Equal("camera", sent.ForcedTool);
        Assert.Equal((0.5, 321), (sent.Temperature, sent.MaxTokens));
        AssertSchema(sent.Schema);
        AssertCalls(protocol, kind, sent);
        AssertMedia(protocol, sent);
        var stops = protocol != "responses" && kind != "openai_responses";
        Assert.Equal(stops ? ["END"] : [], sent.Stop);
        if (protocol != "responses" && kind == "openai_responses")
        {
            Assert.Contains(protocol switch { "chat" => "stop", "messages" => "stop_sequences", _ => "generationConfig.stopSequences" }, reply.Headers["X-Dropped-Params"].Split(','));
        }
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task ImageAddress_KindThatTakesOne_PassesAsItIs(string protocol)
    {
        foreach (var kind in (string[])["openai", "openai_responses", "anthropic"])
        {
            var model = ProtocolModels.TalkOf(protocol, kind);
            const string address = "https://pictures.example.com/a%20b.png?x=1&y=2";

            var reply = await World.Client.SendAsync(Conversation.WithAddress(protocol, model, address));

            Assert.True(reply.Status == 200, reply.Body);
            var asked = (await World.Mock.Control.RequestsAsync(model)).Last(r => r.BodyText.Contains("pictures.example.com", StringComparison.Ordinal));
            Assert.Equal([("url", address)], SentRequest.Read(kind, asked.BodyText).Media);
        }
    }

    private static void AssertCalls(string protocol, string kind, SentRequest sent)
    {
        Assert.Equal([("weather", """{"city":"Zürich"}"""), ("camera", """{"city":"Genève"}""")], sent.Calls.Select(c => (c.Name, Compact(c.Arguments))));
        Assert.Equal(2, sent.Calls.Select(c => c.Id).Distinct().Count());
        Assert.Equal(sent.Calls.Select(c => c.Id), sent.Results.Select(r => r.Id));
        Assert.Contains("No such city.", sent.Results[0].Text, StringComparison.Ordinal);
        Assert.Equal("A street.", sent.Results[1].Text.Trim());
        if (protocol is "messages" or "gemini")
        {
            // Both OpenAI protocols have no mark for errors: there the text says it.
            Assert.True(sent.Results[0].IsError || sent.Results[0].Text.StartsWith("Error", StringComparison.Ordinal), sent.Results[0].ToString());
            Assert.Equal(kind is "anthropic" or "gemini", sent.Results[0].IsError);
        }

        Assert.False(sent.Results[1].IsError);
    }

    private static void AssertMedia(string protocol, SentRequest sent)
    {
        List<(string, string)> media = [("image/png", Conversation.Picture), ("application/pdf", Conversation.Document)];
        if (protocol != "chat")
        {
            media.Add(("image/png", Conversation.ResultPicture));
        }

        Assert.Equal(media, sent.Media);
    }

    private static void AssertSchema(string? schema)
    {
        Assert.NotNull(schema);
        var sent = JsonNode.Parse(schema)!.AsObject();
        Assert.Equal("string", sent["properties"]!["mood"]!["type"]!.GetValue<string>(), ignoreCase: true);
        Assert.Equal("mood", Assert.Single(sent["required"]!.AsArray())!.GetValue<string>());
    }

    private static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
