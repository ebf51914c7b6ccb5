using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI.Chat;

public sealed class ChatRequestTests
{
    private const string Tools = "\"tools\":" + """[{"type":"function","function":{"name":"get","description":"d","parameters":{"type":"object","properties":{"q":{"type":"string"}}},"strict":true}}]""";

    [Fact]
    public void ReadThenWrite_Conversation_KeepsItAll()
    {
        const string Body = """{"model":"m","messages":[{"role":"system","content":"be brief"},{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},{"type":"image_url","image_url":{"url":"https://example.org/a.png"}},{"type":"input_audio","input_audio":{"data":"BBBB","format":"mp3"}},{"type":"file","file":{"file_data":"data:application/pdf;base64,CCCC","filename":"a.pdf"}}]},{"role":"assistant","content":"calling","tool_calls":[{"id":"c1","type":"function","function":{"name":"get","arguments":"{\"q\":1}"}},{"id":"c2","type":"function","function":{"name":"get","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"one"},{"role":"tool","tool_call_id":"c2","content":"two"},{"role":"system","content":"now in French"},{"role":"user","content":"go"}],TOOLS,"tool_choice":{"type":"function","function":{"name":"get"}},"parallel_tool_calls":false,"max_tokens":100,"temperature":0.5,"top_p":0.9,"presence_penalty":0.25,"frequency_penalty":-0.5,"seed":42,"stop":["a","b"],"response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{"type":"object"},"strict":true}},"reasoning_effort":"low","verbosity":"high","n":2,"user":"u","metadata":{"k":"v"},"service_tier":"flex","prompt_cache_key":"pk"}""";
        var body = Body.Replace("TOOLS", Tools, StringComparison.Ordinal);

        Assert.Equal(body, ChatRun.Write(ChatRun.Read(body)));
    }

    [Fact]
    public void Read_ToolMessagesInARow_AreOneTurnOfTheUser()
    {
        var request = ChatRun.Asked("""{"role":"developer","content":"s"},{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"custom","custom":{"name":"g","input":"raw"}}]},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"2"}]},{"role":"user","content":"more"}""");

        Assert.Equal([new TextPart("s")], request.System);
        Assert.Equal([Role.User, Role.Assistant, Role.User, Role.User], request.Messages.Select(m => m.Role));
        Assert.Equal([new ToolCallPart("a", "f", "{}"), new ToolCallPart("b", "g", "raw") { IsCustom = true }], request.Messages[1].Parts);
        Assert.Equal(["a", "b"], request.Messages[2].Parts.Cast<ToolResultPart>().Select(p => p.CallId));
        Assert.Equal([false, true], request.Messages[2].Parts.Cast<ToolResultPart>().Select(p => p.IsCustom));
    }

    [Theory]
    [InlineData("""{"effort":"low"}""", "low", null, null)]
    [InlineData("""{"max_tokens":2000,"exclude":true}""", null, 2000L, false)]
    [InlineData("""{"enabled":true}""", "medium", null, null)]
    [InlineData("""{"enabled":false}""", "none", null, null)]
    [InlineData("""{"enabled":true,"effort":"high","exclude":false}""", "high", null, null)]
    public void Read_OpenRoutersReasoning_IsTheWishToThink(string reasoning, string? effort, long? budget, bool? show) => Assert.Equal(
        new ReasoningOptions { Effort = effort, BudgetTokens = budget, ShowThoughts = show },
        ChatRun.Read($$"""{"model":"m","messages":[{"role":"user","content":"x"}],"reasoning":{{reasoning}}}""").Reasoning);

    [Fact]
    public void Read_OldFunctions_AreTools()
    {
        var request = ChatRun.Read("""{"model":"m","functions":[{"name":"f"}],"function_call":{"name":"f"},"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"r"}]}""");
        var call = Assert.IsType<ToolCallPart>(request.Messages[1].Parts[0]);

        Assert.Equal(new FunctionTool("f"), request.Tools[0]);
        Assert.Equal(new ToolChoice(ToolChoiceMode.Named) { Name = "f" }.Name, request.ToolChoice!.Name);
        Assert.Equal(call.Id, Assert.IsType<ToolResultPart>(request.Messages[2].Parts[0]).CallId);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"q"}]}""", "model")]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"model":"m","messages":[]}""", "messages")]
    [InlineData("""{"model":"m","messages":[{"content":"q"}]}""", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"robot","content":"q"}]}""", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":7}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"smell"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://e.org"}}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://x"}}]}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{}}]}]}""", "messages[0].content[0].file.file_data")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","content":"r"}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f"}}]}]}""", "messages[0].tool_calls[0].id")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"q"}],"temperature":"warm"}""", "temperature")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"q"}],"stop":[7]}""", "stop[0]")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function"}]}""", "tools[0].function")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"q"}],"tool_choice":{"type":"web_search"}}""", "tool_choice")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"q"}],"n":0}""", "n")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"q"}],"response_format":{"type":"xml"}}""", "response_format.type")]
    public void Read_BadField_IsRefusedWithItsPath(string body, string path)
    {
        var refusal = Assert.Throws<WireFormatException>(() => ChatRun.Read(body));

        Assert.Equal((WireFormatException.InvalidRequest, path), (refusal.Code, refusal.Param));
    }

    [Fact]
    public void Write_NothingAskedFor_WritesNothingMore() => Assert.Equal(
        """{"model":"up","messages":[{"role":"user","content":"hi"}]}""",
        ChatRun.Write(new ModelRequest { Model = "m", Messages = [new Message(Role.User, [new TextPart("hi")])] }, "up"));

    [Theory]
    [InlineData("gpt-4o", "max_tokens")]
    [InlineData("deepseek-chat", "max_tokens")]
    [InlineData("gpt-5-mini", "max_completion_tokens")]
    [InlineData("openai/o3", "max_completion_tokens")]
    public void Write_TokenLimit_HasTheNameTheModelTakes(string model, string name) =>
        Assert.Contains($"\"{name}\":9", ChatRun.Write(new ModelRequest { Model = "m", MaxTokens = 9 }, model), StringComparison.Ordinal);

    [Fact]
    public void Write_Stream_AsksForUsage() => Assert.Contains(
        "\"stream\":true,\"stream_options\":{\"include_usage\":true}", ChatRun.Write(new ModelRequest { Model = "m" }, stream: true), StringComparison.Ordinal);

    [Fact]
    public void Write_ToolResultWithImageAndError_MovesTheImageAndSaysError()
    {
        var image = new ImagePart(new MediaSource { MediaType = "image/png", Data = "AAAA" });
        var written = ChatRun.Write(new ModelRequest
        {
            Model = "m",
            Messages = [new Message(Role.User, [new ToolResultPart("c1", [new TextPart("bad"), image]) { IsError = true }, new ToolResultPart("c2", [new TextPart("ok")]), new TextPart("and?")])],
        });

        Assert.Equal(
            """{"model":"m","messages":[{"role":"tool","tool_call_id":"c1","content":"Error: bad"},{"role":"tool","tool_call_id":"c2","content":"ok"},{"role":"user","content":[{"type":"text","text":"From the result of the tool call c1:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"text","text":"and?"}]}]}""",
            written);
    }

    [Fact]
    public void Write_PastThoughts_GoBackOnlyInARunningToolLoop()
    {
        Message Turn(string id) => new(Role.Assistant, [new ReasoningPart("hm " + id) { Seal = new Seal(WireProtocol.Chat, "SIG" + id) { Provider = "p1" } }, new ToolCallPart(id, "f", "{}")]);
        Message Result(string id) => new(Role.User, [new ToolResultPart(id, [new TextPart("r")])]);
        var request = new ModelRequest
        {
            Model = "m",
            Messages = [new Message(Role.User, [new TextPart("q")]), Turn("a"), Result("a"), new Message(Role.User, [new TextPart("q2")]), Turn("b"), Result("b")],
        };

        var own = ChatRun.Write(request, provider: "p1");
        Assert.DoesNotContain("hm a", own, StringComparison.Ordinal);
        Assert.Contains(""""reasoning_content":"hm b","reasoning_details":[{"type":"reasoning.text","signature":"SIGb","index":0}]"""", own, StringComparison.Ordinal);
        var other = ChatRun.Write(request, provider: "p2");
        Assert.Contains("hm b", other, StringComparison.Ordinal);
        Assert.DoesNotContain("SIG", other, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AssistantSpeaksOnBetweenACallAndItsResult_IsOneMessage()
    {
        var written = ChatRun.Write(new ModelRequest
        {
            Model = "m",
            Messages =
            [
                new Message(Role.Assistant, [new ToolCallPart("a", "f", "{}")]),
                new Message(Role.Assistant, [new TextPart("t"), new ToolCallPart("b", "f", "{}")]),
                new Message(Role.User, [new ToolResultPart("a", [new TextPart("1")]), new ToolResultPart("b", [new TextPart("2")])]),
            ],
        });

        Assert.Equal(
            """{"model":"m","messages":[{"role":"assistant","content":"t","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"2"}]}""",
            written);
    }

    [Fact]
    public void Write_CustomTool_IsAFunctionWhereThereAreNone()
    {
        var request = new ModelRequest
        {
            Model = "m",
            Tools = [new CustomTool("patch") { Format = """{"type":"grammar","syntax":"lark","definition":"start"}""" }],
            Messages = [new Message(Role.Assistant, [new ToolCallPart("c", "patch", "a\"b") { IsCustom = true }])],
        };

        var function = ChatRun.Write(request);
        Assert.Contains("""{"type":"function","function":{"name":"patch","description":""", function, StringComparison.Ordinal);
        Assert.Contains("""{"name":"patch","arguments":"{\"input\":\"a\\\"b\"}"}""", function, StringComparison.Ordinal);
        var custom = ChatRun.Write(request, "gpt-5");
        Assert.Contains("""{"type":"custom","custom":{"name":"patch","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start"}}}}""", custom, StringComparison.Ordinal);
        Assert.Equal(request.Tools, ChatRun.Read(custom).Tools);
    }

    [Fact]
    public void Write_LongCallId_IsShortenedTheSameForCallAndResult()
    {
        var id = new string('x', 100);
        var written = ChatRun.Write(new ModelRequest
        {
            Model = "m",
            Messages = [new Message(Role.Assistant, [new ToolCallPart(id, "f", "{}")]), new Message(Role.User, [new ToolResultPart(id, [])])],
        });
        var read = ChatRun.Read(written);

        var call = Assert.IsType<ToolCallPart>(read.Messages[0].Parts[0]);
        Assert.True(call.Id.Length <= 64);
        Assert.Equal(call.Id, Assert.IsType<ToolResultPart>(read.Messages[1].Parts[0]).CallId);
    }
}
