namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>The mock refuses what the real providers refuse, so that a faulty conversion does not pass unseen.</summary>
public sealed class RequestCheckTests : ProtocolFixture
{
    [Theory]
    [InlineData("""[{"role":"robot","content":"a"}]""", "role")]
    [InlineData("""[{"role":"user"}]""", "content")]
    [InlineData("""[{"role":"user","content":[{"type":"input_text","text":"a"}]}]""", "input_text")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"tool","tool_call_id":"c","content":"b"}]""", "tool call")]
    [InlineData("""[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"b"}]""", "tool messages")]
    [InlineData("""[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":{}}}]},{"role":"tool","tool_call_id":"c","content":"b"}]""", "arguments")]
    public async Task Chat_WrongMessages_Are400(string messages, string named)
    {
        await RefusesAsync(Post(Chat, "v1/chat/completions", $$"""{"model":"alpha","messages":{{messages}}}"""), named);
    }

    [Theory]
    [InlineData("""[]""", "at least one message")]
    [InlineData("""[{"role":"system","content":"a"}]""", "system")]
    [InlineData("""[{"role":"tool","content":"a"}]""", "role")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]""", "image_url")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":""}]}]""", "non-empty")]
    [InlineData("""[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c"}]}]""", "tool_use_id")]
    [InlineData("""[{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]},{"role":"user","content":"b"}]""", "without `tool_result`")]
    [InlineData("""[{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]},{"role":"user","content":[{"type":"text","text":"b"},{"type":"tool_result","tool_use_id":"c"}]}]""", "without `tool_result`")]
    [InlineData("""[{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":"{}"}]}]""", "dictionary")]
    [InlineData("""[{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"none of ours"}]}]""", "signature")]
    public async Task Messages_WrongMessages_Are400(string messages, string named)
    {
        await RefusesAsync(Post(Messages, "v1/messages", $$"""{"model":"alpha","max_tokens":9,"messages":{{messages}}}"""), named);
    }

    [Theory]
    [InlineData(""","max_tokens":null""", "max_tokens")]
    [InlineData(""","stop":["a"]""", "stop")]
    [InlineData(""","thinking":{"type":"enabled","budget_tokens":2000}""", "budget_tokens")]
    [InlineData(""","tools":[{"name":"f"}]""", "input_schema")]
    [InlineData(""","tool_choice":{"type":"required"}""", "tool_choice")]
    public async Task Messages_WrongOptions_Are400(string more, string named)
    {
        await RefusesAsync(Ask(Messages, "alpha", stream: true, more), named);
    }

    [Fact]
    public async Task Messages_NoVersion_Is400()
    {
        var request = Ask(Messages, "alpha", stream: false);
        request.Headers.Remove("anthropic-version");

        await RefusesAsync(request, "anthropic-version");
    }

    [Theory]
    [InlineData("""[]""", "input")]
    [InlineData("""[{"role":"tool","content":"a"}]""", "'tool'")]
    [InlineData("""[{"type":"odd"}]""", "odd")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"a"}]}]""", "'text'")]
    [InlineData("""[{"role":"assistant","content":[{"type":"input_text","text":"a"}]}]""", "input_text")]
    [InlineData("""[{"type":"function_call_output","call_id":"c","output":"a"}]""", "No tool call found")]
    [InlineData("""[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]""", "No tool output found")]
    [InlineData("""[{"type":"reasoning","id":"r","summary":[],"encrypted_content":"none of ours"}]""", "could not be verified")]
    public async Task Responses_WrongInput_Is400(string input, string named)
    {
        await RefusesAsync(Post(Responses, "v1/responses", $$"""{"model":"alpha","input":{{input}}}"""), named);
    }

    [Theory]
    [InlineData(""","messages":[]""", "messages")]
    [InlineData(""","max_output_tokens":3""", "max_output_tokens")]
    [InlineData(""","tools":[{"type":"function","function":{"name":"f"}}]""", "tools[0].name")]
    [InlineData(""","background":true,"store":false""", "Background")]
    public async Task Responses_WrongOptions_Are400(string more, string named)
    {
        await RefusesAsync(Ask(Responses, "alpha", stream: true, more), named);
    }

    [Fact]
    public async Task Responses_ItemOfNoStoredResponse_Is404()
    {
        var (status, message) = await RefusalAsync(Post(Responses, "v1/responses", """{"model":"alpha","input":[{"type":"reasoning","id":"rs_1","summary":[]}]}"""));

        Assert.Equal((404, true), (status, message.Contains("rs_1", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""[]""", "contents is not specified")]
    [InlineData("""[{"role":"assistant","parts":[{"text":"a"}]}]""", "valid role")]
    [InlineData("""[{"role":"user","parts":[]}]""", "must not be empty")]
    [InlineData("""[{"role":"user","content":"a"}]""", "content")]
    [InlineData("""[{"role":"user","parts":[{"type":"text","text":"a"}]}]""", "type")]
    [InlineData("""[{"role":"user","parts":[{"text":"a","inlineData":{"mimeType":"a/b","data":""}}]}]""", "oneof")]
    [InlineData("""[{"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}}]}]""", "number of function response parts")]
    [InlineData("""[{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"role":"user","parts":[{"text":"b"}]}]""", "number of function response parts")]
    [InlineData("""[{"role":"model","parts":[{"functionCall":{"name":"f","args":"{}"}}]}]""", "args")]
    [InlineData("""[{"role":"model","parts":[{"text":"a","thoughtSignature":"none of ours"}]}]""", "signature")]
    public async Task Gemini_WrongContents_Are400(string contents, string named)
    {
        await RefusesAsync(Post(Gemini, "v1beta/models/alpha:generateContent", $$"""{"contents":{{contents}}}"""), named);
    }

    [Theory]
    [InlineData(""","max_tokens":3""", "max_tokens")]
    [InlineData(""","generationConfig":{"max_tokens":3}""", "max_tokens")]
    [InlineData(""","systemInstruction":["be good"]""", "system_instruction")]
    [InlineData(""","tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"object","additionalProperties":false}}]}]""", "additionalProperties")]
    [InlineData(""","tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"object","properties":{"a":{"type":["string","null"]}}}}]}]""", "not repeating")]
    public async Task Gemini_WrongOptions_Are400(string more, string named)
    {
        await RefusesAsync(Ask(Gemini, "alpha", stream: false, more), named);
    }

    [Fact]
    public async Task Gemini_StreamedTurnSentBackInPieces_IsOneTurn()
    {
        const string Contents = """[{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"role":"model","parts":[{"functionCall":{"name":"g"}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}},{"functionResponse":{"name":"g","response":{}}}]}]""";

        Assert.Equal(200, (await RefusalAsync(Post(Gemini, "v1beta/models/alpha:generateContent", $$"""{"contents":{{Contents}}}"""))).Status);
    }

    private async Task RefusesAsync(HttpRequestMessage request, string named)
    {
        var (status, message) = await RefusalAsync(request);

        Assert.Equal(400, status);
        Assert.Contains(named, message, StringComparison.Ordinal);
    }
}
