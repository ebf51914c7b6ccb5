using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire;
using AIHigress.Wire.Gemini;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Gemini;

public sealed class GeminiRequestTests
{
    [Fact]
    public void ReadRequest_AsACodingAgentSendsIt_IsWhole()
    {
        var request = Read(
            """
            {"contents":[{"parts":[{"text":"Hi"}],"role":"user"},
              {"role":"model","parts":[{"text":"thinking","thought":true},{"text":"Let me see."},{"functionCall":{"name":"read_file","args":{"path":"a.txt"},"id":"read_file-1"},"thoughtSignature":"c2ln"}]},
              {"role":"user","parts":[{"functionResponse":{"id":"read_file-1","name":"read_file","response":{"output":"content"}}}]}],
             "systemInstruction":{"role":"user","parts":[{"text":"You are an agent."}]},
             "tools":[{"functionDeclarations":[{"name":"read_file","description":"Reads.","parametersJsonSchema":{"type":"object","properties":{"path":{"type":"string"}}}}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"AUTO"}},
             "labels":{"k":"v"},
             "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],
             "generationConfig":{"temperature":1,"topP":0.95,"topK":64,"maxOutputTokens":65536,"thinkingConfig":{"includeThoughts":true,"thinkingBudget":8192}}}
            """);

        Assert.Equal("You are an agent.", Assert.Single(request.System).Text);
        Assert.Equal([Role.User, Role.Assistant, Role.User], request.Messages.Select(m => m.Role));
        Assert.Equal(
            [
                new ReasoningPart("thinking"),
                new TextPart("Let me see."),
                new ToolCallPart("read_file-1", "read_file", """{"path":"a.txt"}""") { Seal = new Seal(WireProtocol.Gemini, "c2ln") },
            ],
            request.Messages[1].Parts);
        var result = Assert.IsType<ToolResultPart>(Assert.Single(request.Messages[2].Parts));
        Assert.Equal(("read_file-1", "read_file", false), (result.CallId, result.Name, result.IsError));
        Assert.Equal(new TextPart("content"), Assert.Single(result.Content));
        Assert.Equal(new FunctionTool("read_file") { Description = "Reads.", Parameters = """{"type":"object","properties":{"path":{"type":"string"}}}""" }, Assert.Single(request.Tools));
        Assert.Equal(ToolChoiceMode.Auto, request.ToolChoice?.Mode);
        Assert.Equal((1, 0.95, 64L, 65536L), (request.Temperature, request.TopP, request.TopK, request.MaxTokens));
        Assert.Equal(new ReasoningOptions { BudgetTokens = 8192, ShowThoughts = true }, request.Reasoning);
        Assert.Equal(("", false), (request.Model, request.Stream));
    }

    [Fact]
    public void ReadRequest_NamesWithUnderscoresAndSingleObjects_AreTheSame()
    {
        var request = Read(
            """
            {"system_instruction":{"parts":{"text":"s"}},"contents":{"parts":[{"inline_data":{"mime_type":"image/png","data":"_-8"}},{"text":"x"}]},
             "tools":{"function_declarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"max_items":{"type":"ARRAY","max_items":"3","items":{"type":"STRING","nullable":true}}},"property_ordering":["max_items"]}}]},
             "tool_config":{"function_calling_config":{"mode":"ANY","allowed_function_names":["f"]}},"generation_config":{"max_output_tokens":"12","stop_sequences":["x"],"thinking_config":{"thinking_level":"low"}}}
            """);

        Assert.Equal(new ImagePart(new MediaSource { MediaType = "image/png", Data = "/+8=" }), request.Messages[0].Parts[0]);
        Assert.Equal("""{"type":"object","properties":{"max_items":{"type":"array","maxItems":3,"items":{"type":["string","null"]}}}}""", ((FunctionTool)request.Tools[0]).Parameters);
        Assert.Equal("f", request.ToolChoice?.Name);
        Assert.Equal((12L, "low", "s"), (request.MaxTokens, request.Reasoning?.Effort, request.System[0].Text));
        Assert.Equal(["x"], request.Stop);
    }

    [Theory]
    [InlineData("""{"systemInstruction":null,"system_instruction":{"parts":[]},"contents":[{"parts":[{"text":"x"}]}]}""", "systemInstruction")]
    [InlineData("{}", "contents")]
    [InlineData("""{"contents":[]}""", "contents")]
    [InlineData("""{"contents":"x"}""", "contents")]
    [InlineData("""{"contents":[{"role":"user"}]}""", "contents[0].parts")]
    [InlineData("""{"contents":[{"role":"user","parts":[]}]}""", "contents[0].parts")]
    [InlineData("""{"contents":[{"role":"system","parts":[{"text":"x"}]}]}""", "contents[0].role")]
    [InlineData("""{"contents":[{"parts":[{"text":"x","inlineData":{"mimeType":"a/b","data":""}}]}]}""", "contents[0].parts[0].inlineData")]
    [InlineData("""{"contents":[{"parts":[{"hologram":1}]}]}""", "contents[0].parts[0]")]
    [InlineData("""{"contents":[{"parts":[{"text":7}]}]}""", "contents[0].parts[0].text")]
    [InlineData("""{"contents":[{"parts":[{"inline_data":{"mime_type":"image/png","data":"?"}}]}]}""", "contents[0].parts[0].inline_data.data")]
    [InlineData("""{"contents":[{"parts":[{"functionCall":{"args":{}}}]}]}""", "contents[0].parts[0].functionCall.name")]
    [InlineData("""{"contents":[{"parts":[{"functionResponse":{"name":"f","response":"x"}}]}]}""", "contents[0].parts[0].functionResponse.response")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":{},"parametersJsonSchema":{}}]}]}""", "tools[0].functionDeclarations[0].parametersJsonSchema")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"toolConfig":{"functionCallingConfig":{"mode":"SOME"}}}""", "toolConfig.functionCallingConfig.mode")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"candidateCount":0}}""", "generationConfig.candidateCount")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"temperature":"hot"}}""", "generationConfig.temperature")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"stopSequences":[1]}}""", "generationConfig.stopSequences[0]")]
    public void ReadRequest_Faults_NameTheMember(string body, string param)
    {
        var refusal = Assert.Throws<WireFormatException>(() => Read(body));

        Assert.Equal((WireFormatException.InvalidRequest, param), (refusal.Code, refusal.Param));
    }

    [Fact]
    public void ReadRequest_CallsWithoutIds_AreMatchedByNameInOrder()
    {
        var request = Read(
            """
            {"contents":[{"parts":[{"text":"x"}]},
              {"role":"model","parts":[{"functionCall":{"name":"f"}},{"functionCall":{"name":"g","id":"call_1"}},{"functionCall":{"name":"f"}}]},
              {"role":"function","parts":[{"functionResponse":{"name":"f","response":{"result":"1"}}},{"functionResponse":{"name":"g","response":{"result":"2"}}},{"functionResponse":{"name":"f","response":{"error":"3"}}}]}]}
            """);

        Assert.Equal(["call_0", "call_1", "call_2"], request.Messages[1].Parts.OfType<ToolCallPart>().Select(c => c.Id));
        Assert.Equal(["call_0", "call_1", "call_2"], request.Messages[2].Parts.OfType<ToolResultPart>().Select(c => c.CallId));
        Assert.True(((ToolResultPart)request.Messages[2].Parts[2]).IsError);
    }

    [Fact]
    public void ReadRequest_ThoughtsInPiecesOfAStream_AreOneAndSealedByTheLast()
    {
        var seal = new Seal(WireProtocol.Messages, "sig") { Provider = "p" };
        var request = Read(
            $$"""{"contents":[{"role":"model","parts":[{"text":"a","thought":true},{"text":"b","thought":true},{"text":"","thought":true,"thoughtSignature":"{{seal.For(WireProtocol.Gemini)}}"},{"text":"x"}]}]}""");

        Assert.Equal([new ReasoningPart("ab") { Seal = seal }, new TextPart("x")], request.Messages[0].Parts);
    }

    [Theory]
    [InlineData("plain", false, """{"result":"plain"}""")]
    [InlineData("bad", true, """{"error":"bad"}""")]
    [InlineData("""{"a":1}""", false, """{"a":1}""")]
    [InlineData("""{"a":1}""", true, """{"error":"{\"a\":1}"}""")]
    [InlineData("""{"result":"x"}""", false, """{"result":"{\"result\":\"x\"}"}""")]
    [InlineData("""{"a":1,"a":2}""", false, """{"result":"{\"a\":1,\"a\":2}"}""")]
    [InlineData("[1]", false, """{"result":"[1]"}""")]
    [InlineData("", false, """{"result":""}""")]
    public void ToolResult_EachText_IsAnObjectAndComesBack(string text, bool isError, string response)
    {
        var bytes = Write(Conversation(new ToolResultPart("c", [new TextPart(text)]) { IsError = isError }), "gemini-2.5-pro");
        var result = (ToolResultPart)GeminiCodec.Instance.ReadRequest(bytes).Messages[^1].Parts[0];

        Assert.Contains($"\"functionResponse\":{{\"id\":\"c\",\"name\":\"f\",\"response\":{response}}}", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal((isError, new TextPart(text)), (result.IsError, result.Content[0]));
    }

    [Theory]
    [InlineData("gemini-2.5-pro", """[{"functionResponse":{"id":"c","name":"f","response":{"result":"r"}}},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]""")]
    [InlineData("models/gemini-3-pro-preview", """[{"functionResponse":{"id":"c","name":"f","response":{"result":"r"},"parts":[{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]}}]""")]
    public void ToolResult_WithAnImage_GoesWhereTheModelTakesIt(string model, string parts)
    {
        var request = Conversation(new ToolResultPart("c", [new TextPart("r"), new ImagePart(new MediaSource { Data = "iVBORw0KGgo=" })]));

        Assert.Contains($"\"parts\":{parts}", Encoding.UTF8.GetString(Write(request, model)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini-3-flash", 1)]
    [InlineData("gemini-flash-latest", 1)]
    [InlineData("gemini-2.5-flash", 0)]
    public void Call_OfTheCurrentTurnWithoutSignature_GetsGooglesPlaceholder(string model, int count)
    {
        var request = Conversation(new ToolResultPart("c", [new TextPart("r")]));
        var old = request with { Messages = [.. request.Messages, .. request.Messages] };

        Assert.Equal(count, Encoding.UTF8.GetString(Write(old, model)).Split("\"thoughtSignature\":\"skip_thought_signature_validator\"").Length - 1);
    }

    [Fact]
    public void WriteRequest_Conversation_MergesTurnsAndKeepsOwnSignaturesOnly()
    {
        var request = new ModelRequest
        {
            Model = "m",
            Messages =
            [
                new Message(Role.System, [new TextPart("rule")]),
                new Message(Role.User, [new TextPart("q")]),
                new Message(Role.Assistant, [new ReasoningPart("foreign") { Seal = new Seal(WireProtocol.Messages, "s") }, new ReasoningPart("") { Seal = new Seal(WireProtocol.Gemini, "g1") }, new TextPart("a")]),
                new Message(Role.Assistant, [new ToolCallPart("c", "f", "") { Seal = new Seal(WireProtocol.Gemini, "g2") { Provider = "other" } }, new ToolCallPart("d", "t", "free") { IsCustom = true }]),
                new Message(Role.User, [new ToolResultPart("c", [])]),
                new Message(Role.User, [new TextPart("more")]),
            ],
        };

        Assert.Equal(
            """
            {"contents":[
            {"role":"user","parts":[{"text":"rule"},{"text":"q"}]},
            {"role":"model","parts":[{"text":"a","thoughtSignature":"g1"},{"functionCall":{"id":"c","name":"f","args":{}}},{"functionCall":{"id":"d","name":"t","args":{"input":"free"}}}]},
            {"role":"user","parts":[{"functionResponse":{"id":"c","name":"f","response":{}}},{"text":"more"}]}]}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(Write(request, "gemini-2.5-pro")));
    }

    [Fact]
    public void WriteRequest_Options_AreGooglesWords()
    {
        var request = new ModelRequest
        {
            Model = "m",
            System = [new TextPart("s")],
            Messages = [new Message(Role.User, [new TextPart("q")])],
            Tools = [new FunctionTool("f") { Parameters = """{"type":"object"}""" }, new CustomTool("c")],
            ToolChoice = new ToolChoice(ToolChoiceMode.Auto) { Allowed = ["f"] },
            MaxTokens = 5,
            Choices = 2,
            Stop = ["x"],
            Seed = 0,
            Format = new ResponseFormat(ResponseFormatKind.JsonSchema) { Name = "n", Schema = """{"type":"object"}""" },
            Reasoning = new ReasoningOptions { Effort = "high", Summary = "auto" },
            ParallelToolCalls = false,
            User = "u",
        };

        Assert.Equal(
            """
            {"systemInstruction":{"parts":[{"text":"s"}]},
            "tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object"}},{"name":"c","parametersJsonSchema":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}}]}],
            "toolConfig":{"functionCallingConfig":{"mode":"VALIDATED","allowedFunctionNames":["f"]}},
            "generationConfig":{"maxOutputTokens":5,"seed":0,"candidateCount":2,"stopSequences":["x"],"responseMimeType":"application/json","responseJsonSchema":{"type":"object"},
            "thinkingConfig":{"thinkingBudget":16384,"includeThoughts":true}},
            "contents":[{"role":"user","parts":[{"text":"q"}]}]}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(Write(request, "gemini-2.5-pro")));
        Assert.Contains("\"thinkingConfig\":{\"thinkingLevel\":\"high\"", Encoding.UTF8.GetString(Write(request, "gemini-3-pro")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}]}""")]
    [InlineData("""{"generateContentRequest":{"model":"models/m","contents":[{"parts":[{"text":"x"}]}]}}""")]
    public void CountTokens_BothForms_AreRead(string body) =>
        Assert.Equal(new TextPart("x"), GeminiCountTokens.ReadRequest(Encoding.UTF8.GetBytes(body)).Messages[0].Parts[0]);

    [Fact]
    public void CountTokens_Answer_ComesBack()
    {
        var output = new ArrayBufferWriter<byte>();
        GeminiCountTokens.WriteAnswer(31, output);

        Assert.Equal("""{"totalTokens":31}""", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(31, GeminiCountTokens.ReadAnswer(output.WrittenMemory));
        Assert.Equal(
            "generateContentRequest.contents",
            Assert.Throws<WireFormatException>(() => GeminiCountTokens.ReadRequest("""{"generateContentRequest":{}}"""u8.ToArray())).Param);
    }

    [Fact]
    public void ModelList_Written_IsReadBack()
    {
        var page = new GeminiModelPage([new GeminiModel("a/b") { DisplayName = "A", InputTokenLimit = 1000, Thinking = true }, new GeminiModel("c")], "next");
        var output = new ArrayBufferWriter<byte>();
        GeminiModelList.Write(page, output);
        var read = GeminiModelList.Read(output.WrittenMemory);

        Assert.Equal(["a/b", "c"], read.Models.Select(m => m.Id));
        Assert.Equal(("A", 1000L, true, "next"), (read.Models[0].DisplayName, read.Models[0].InputTokenLimit, read.Models[0].Thinking, read.NextPageToken));
        Assert.Equal(["generateContent", "countTokens"], read.Models[1].Methods);
        using var json = JsonDocument.Parse(output.WrittenMemory);
        Assert.Equal("models/a/b", json.RootElement.GetProperty("models")[0].GetProperty("name").GetString());
        Assert.Empty(GeminiModelList.Read("{}"u8.ToArray()).Models);
        Assert.Throws<WireFormatException>(() => GeminiModelList.Read("""{"data":[]}"""u8.ToArray()));
    }

    private static ModelRequest Conversation(ToolResultPart result) => new()
    {
        Model = "m",
        Messages = [new Message(Role.User, [new TextPart("q")]), new Message(Role.Assistant, [new ToolCallPart("c", "f", "{}")]), new Message(Role.User, [result])],
    };

    private static ModelRequest Read(string body) => GeminiCodec.Instance.ReadRequest(Encoding.UTF8.GetBytes(body));

    private static byte[] Write(ModelRequest request, string model)
    {
        var output = new ArrayBufferWriter<byte>();
        GeminiCodec.Instance.WriteRequest(request, new RequestTarget(model, false) { Provider = "p" }, output);
        return output.WrittenSpan.ToArray();
    }
}
