using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Responses;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Responses;

public sealed class ResponsesRequestTests
{
    private const string Codex = """
        {"model":"gpt-5-codex","instructions":"You are Codex.","input":[
        {"type":"message","role":"developer","content":[{"type":"input_text","text":"<permissions>"}]},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"fix it"},{"type":"input_image","image_url":"data:image/png;base64,iVBORw0="}]},
        {"type":"reasoning","summary":[{"type":"summary_text","text":"Look"},{"type":"summary_text","text":"then act"}],"content":null,"encrypted_content":"gAAAAB"},
        {"type":"message","role":"assistant","content":[{"type":"output_text","text":"On it."}]},
        {"type":"function_call","name":"shell","arguments":"{\"command\":[\"ls\"]}","call_id":"call_1"},
        {"type":"custom_tool_call","status":"completed","call_id":"call_2","name":"apply_patch","input":"*** Begin Patch"},
        {"type":"web_search_call","status":"completed","action":{"type":"search","query":"x"}},
        {"type":"function_call_output","call_id":"call_1","output":"a.txt"},
        {"type":"custom_tool_call_output","call_id":"call_2","output":[{"type":"input_text","text":"done"},{"type":"input_image","image_url":"https://example.com/a.png"}]},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"go on"}]}],
        "tools":[{"type":"function","name":"shell","description":"d","strict":false,"parameters":{"type":"object","properties":{}, "required":[]}},
        {"type":"custom","name":"apply_patch","description":"p","format":{"type":"grammar","syntax":"lark","definition":"start: x"}},
        {"type":"local_shell"},{"type":"web_search","external_web_access":false},{"type":"image_generation","output_format":"png"},
        {"type":"namespace","name":"mcp__fs__","description":"n","tools":[{"type":"function","name":"read","strict":false,"parameters":{"type":"object"}}]}],
        "tool_choice":"auto","parallel_tool_calls":false,"reasoning":{"effort":"medium","summary":"auto"},"store":false,"stream":true,
        "include":["reasoning.encrypted_content"],"prompt_cache_key":"0199","text":{"verbosity":"low"},"client_metadata":{"x":"y"}}
        """;

    [Fact]
    public void Read_CodexRequest_IsUnderstoodWhole()
    {
        var request = Wiretap.Read(Codex);

        Assert.Equal([new TextPart("You are Codex."), new TextPart("<permissions>")], request.System);
        Assert.Equal([Role.User, Role.Assistant, Role.User], request.Messages.Select(m => m.Role));
        Assert.Equal([new TextPart("fix it"), new ImagePart(new MediaSource { MediaType = "image/png", Data = "iVBORw0=" })], request.Messages[0].Parts);
        Assert.Equal(
            [
                new ReasoningPart("Look\n\nthen act") { Seal = new Seal(WireProtocol.Responses, "gAAAAB") },
                new TextPart("On it."),
                new ToolCallPart("call_1", "shell", "{\"command\":[\"ls\"]}"),
                new ToolCallPart("call_2", "apply_patch", "*** Begin Patch") { IsCustom = true },
            ],
            request.Messages[1].Parts);
        var results = request.Messages[2].Parts;
        Assert.Equal([new TextPart("a.txt")], Assert.IsType<ToolResultPart>(results[0]).Content);
        Assert.Equal([new TextPart("done"), new ImagePart(new MediaSource { Url = "https://example.com/a.png" })], Assert.IsType<ToolResultPart>(results[1]).Content);
        Assert.True(((ToolResultPart)results[1]).IsCustom);
        Assert.Equal(new TextPart("go on"), results[2]);
        Assert.Equal(["shell", "apply_patch", "local_shell", "mcp__fs__read"], request.Tools.Select(t => t.Name));
        Assert.Equal((ToolChoiceMode.Auto, false, "medium", "auto", "low", "0199", true), (request.ToolChoice!.Mode, request.ParallelToolCalls, request.Reasoning!.Effort, request.Reasoning.Summary, request.Verbosity, request.PromptCacheKey, request.Stream));
    }

    [Theory]
    [InlineData(WireProtocol.Chat)]
    [InlineData(WireProtocol.Messages)]
    [InlineData(WireProtocol.Gemini)]
    public void Find_CodexRequest_CanGoAnywhere(WireProtocol target)
    {
        var losses = ResponsesCodec.Instance.Fields.Find(System.Text.Encoding.UTF8.GetBytes(Codex)).To(target);

        Assert.Empty(losses.Refused);
        Assert.Contains("tools[web_search]", losses.Dropped);
        Assert.DoesNotContain("include", losses.Dropped);
        Assert.Empty(ResponsesCodec.Instance.Fields.Find(System.Text.Encoding.UTF8.GetBytes(Codex)).Unknown);
    }

    [Fact]
    public void Write_Conversation_IsGolden()
    {
        var request = new ModelRequest
        {
            Model = "logical",
            System = [new TextPart("Be brief."), new TextPart("Be kind.")],
            Messages =
            [
                new Message(Role.User, [new TextPart("Hi"), new FilePart(new MediaSource { Data = "some text", IsText = true })]),
                new Message(Role.Assistant, [new ReasoningPart("hm") { Seal = new Seal(WireProtocol.Responses, "enc") { Provider = "acme" }, Id = "rs_1" }, new ReasoningPart("unsigned"), new TextPart("Hello"), new ToolCallPart("toolu_1", "f", "{}")]),
                new Message(Role.User, [new ToolResultPart("toolu_1", [new TextPart("boom")]) { IsError = true }, new TextPart("And?")]),
            ],
            Tools = [new FunctionTool("f"), new CustomTool("c") { Format = """{"type":"text"}""" }],
            ToolChoice = new ToolChoice(ToolChoiceMode.Named) { Name = "c" },
            MaxTokens = 100,
            Reasoning = new ReasoningOptions { BudgetTokens = 4096 },
        };

        Assert.Equal(
            """{"model":"up","instructions":"Be brief.","input":[{"type":"message","role":"developer","content":[{"type":"input_text","text":"Be kind."}]},"""
            + """{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"},{"type":"input_file","filename":"document.txt","file_data":"data:text/plain;base64,c29tZSB0ZXh0"}]},"""
            + """{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"enc"},"""
            + """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello"}]},{"type":"function_call","call_id":"toolu_1","name":"f","arguments":"{}"},"""
            + """{"type":"function_call_output","call_id":"toolu_1","output":"Error: boom"},{"type":"message","role":"user","content":[{"type":"input_text","text":"And?"}]}]"""
            + ""","tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false},{"type":"custom","name":"c","format":{"type":"text"}}]"""
            + ""","tool_choice":{"type":"custom","name":"c"},"max_output_tokens":100,"reasoning":{"effort":"medium"},"include":["reasoning.encrypted_content"],"store":false,"stream":true}""",
            Wiretap.Write(request, stream: true, provider: "acme"));
    }

    [Fact]
    public void Write_SealOfAnotherProvider_IsLeftOutWithItsThoughts()
    {
        var request = new ModelRequest { Model = "m", Messages = [new Message(Role.Assistant, [new ReasoningPart("hm") { Seal = new Seal(WireProtocol.Responses, "enc") { Provider = "acme" } }])] };

        Assert.Equal("""{"model":"up","input":[],"store":false}""", Wiretap.Write(request, provider: "other"));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public void Write_CallIdThatDoesNotFit_IsReplacedTheSameWayInTheResult(string id)
    {
        var body = Wiretap.Write(new ModelRequest { Model = "m", Messages = [new Message(Role.Assistant, [new ToolCallPart(id, "f", "{}")]), new Message(Role.User, [new ToolResultPart(id, [])])] });

        var read = Wiretap.Read(body);
        var callId = Assert.IsType<ToolCallPart>(read.Messages[0].Parts[0]).Id;
        Assert.InRange(callId.Length, 1, 64);
        Assert.NotEqual(id, callId);
        Assert.Equal(callId, Assert.IsType<ToolResultPart>(read.Messages[1].Parts[0]).CallId);
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var request = new ModelRequest
        {
            Model = "up",
            System = [new TextPart("a")],
            Messages =
            [
                new Message(Role.User, [new TextPart("ü\u0001\"🚀"), new ImagePart(new MediaSource { Url = "https://x/y.png" }) { Detail = "low" }]),
                new Message(Role.System, [new TextPart("mid")]),
                new Message(Role.Assistant, [new TextPart("one"), new ToolCallPart("c", "f", "{\"a\":1}"), new RefusalPart("no")]),
            ],
            Tools = [new FunctionTool("f") { Parameters = """{"type":"object"}""", Strict = true, Description = "d" }],
            ToolChoice = new ToolChoice(ToolChoiceMode.Required) { Allowed = ["f"] },
            ParallelToolCalls = true,
            Temperature = 0.5,
            TopP = 1,
            Format = new ResponseFormat(ResponseFormatKind.JsonSchema) { Name = "n", Schema = "{}", Strict = false, Description = "x" },
            Reasoning = new ReasoningOptions { Effort = "low", Summary = "auto" },
            User = "u",
            Metadata = [new("k", "v")],
            Verbosity = "high",
            ServiceTier = "flex",
            PromptCacheKey = "key",
        };

        var once = Wiretap.Write(request);

        Assert.Equal(once, Wiretap.Write(Wiretap.Read(once)));
        Assert.DoesNotContain("null", once, StringComparison.Ordinal);
        Assert.Equal(request.Messages.Select(m => string.Join('|', m.Parts)), Wiretap.Read(once).Messages.Select(m => string.Join('|', m.Parts)));
    }

    [Theory]
    [InlineData("""{"input":"x"}""", "model")]
    [InlineData("""{"model":"m","input":7}""", "input")]
    [InlineData("""{"model":"m","input":[{"role":"user"}]}""", "input[0].content")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"hologram"}]}]}""", "input[0].content[0].type")]
    [InlineData("""{"model":"m","input":[{"type":"function_call","call_id":"c"}]}""", "input[0].name")]
    [InlineData("""{"model":"m","input":[{"type":"hologram"}]}""", "input[0].type")]
    [InlineData("""{"model":"m","input":[{"role":"oracle","content":"x"}]}""", "input[0].role")]
    [InlineData("""{"model":"m","input":"x","max_output_tokens":"many"}""", "max_output_tokens")]
    [InlineData("""{"model":"m","input":"x","tools":[{"type":"function"}]}""", "tools[0].name")]
    [InlineData("""{"model":"m","input":"x","tool_choice":"perhaps"}""", "tool_choice")]
    [InlineData("""{"model":"m","input":"x","text":{"format":{"type":"json_schema","name":"n"}}}""", "text.format.schema")]
    public void Read_FaultyField_IsNamed(string body, string param)
    {
        var fault = Assert.Throws<WireFormatException>(() => Wiretap.Read(body));

        Assert.Equal((WireFormatException.InvalidRequest, param), (fault.Code, fault.Param));
    }
}
