using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.Anthropic;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;
using static AIHigress.Gateway.UnitTests.Wire.Anthropic.Run;

namespace AIHigress.Gateway.UnitTests.Wire.Anthropic;

public sealed class MessagesRequestTests
{
    private const string CodingAgent = """
        {"model":"claude-sonnet-4-5","max_tokens":32000,"stream":true,"betas":["interleaved-thinking-2025-05-14"],
        "system":[{"type":"text","text":"You are an agent.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"Rules"}],
        "thinking":{"type":"adaptive"},"output_config":{"effort":"medium"},"context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},
        "metadata":{"user_id":"user_1_session_2"},
        "tools":[{"name":"Bash","description":"Runs","input_schema":{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"command":{"type":"string"}},"required":["command"],"additionalProperties":false}},
        {"type":"web_search_20250305","name":"web_search","max_uses":8}],
        "messages":[{"role":"user","content":[{"type":"text","text":"<system-reminder>x</system-reminder>"},{"type":"text","text":"Look","cache_control":{"type":"ephemeral","ttl":"1h"}}]},
        {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"sig"},{"type":"text","text":"Ok"},{"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"ls"}}]},
        {"role":"user","content":[{"type":"text","text":"Note"},{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"a.png"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}],"is_error":false}]}]}
        """;

    [Fact]
    public void ReadRequest_CodingAgents_IsWhole()
    {
        var request = Read(CodingAgent);

        Assert.Equal(("claude-sonnet-4-5", 32000L, true, "user_1_session_2"), (request.Model, request.MaxTokens!.Value, request.Stream, request.User));
        Assert.Equal([new TextPart("You are an agent.") { Cache = new CacheHint(null) }, new TextPart("Rules")], request.System);
        Assert.Equal(new ReasoningOptions { Effort = "medium", IsAdaptive = true }, request.Reasoning);
        var tool = Assert.IsType<FunctionTool>(Assert.Single(request.Tools));
        Assert.Contains("\"$schema\"", tool.Parameters, StringComparison.Ordinal);
        Assert.Equal([Role.User, Role.Assistant, Role.User], request.Messages.Select(m => m.Role));
        Assert.Equal(new CacheHint("1h"), request.Messages[0].Parts[1].Cache);
        Assert.Equal(
            [new ReasoningPart("hm") { Seal = new Seal(WireProtocol.Messages, "sig") }, new TextPart("Ok"), new ToolCallPart("toolu_1", "Bash", """{"command":"ls"}""")],
            request.Messages[1].Parts);
        var result = Assert.IsType<ToolResultPart>(request.Messages[2].Parts[0]);
        Assert.Equal([new TextPart("a.png"), new ImagePart(new MediaSource { MediaType = "image/png", Data = "AAAA" })], result.Content);
        Assert.Equal(new TextPart("Note"), request.Messages[2].Parts[1]);
    }

    [Fact]
    public void WriteRequest_CodingAgents_IsTheSameAgain() => Assert.Equal(
        """{"model":"claude","max_tokens":32000,"system":[{"type":"text","text":"You are an agent.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"Rules"}],"messages":[{"role":"user","content":[{"type":"text","text":"<system-reminder>x</system-reminder>"},{"type":"text","text":"Look","cache_control":{"type":"ephemeral","ttl":"1h"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"sig"},{"type":"text","text":"Ok"},{"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"ls"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"a.png"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},{"type":"text","text":"Note"}]}],"tools":[{"name":"Bash","description":"Runs","input_schema":{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"command":{"type":"string"}},"required":["command"],"additionalProperties":false}}],"thinking":{"type":"adaptive"},"output_config":{"effort":"medium"},"metadata":{"user_id":"user_1_session_2"},"stream":true}""",
        Write(Read(CodingAgent), new RequestTarget("claude", Stream: true)));

    [Theory]
    [InlineData("""{"max_tokens":1,"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}]}""", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":"9","messages":[{"role":"user","content":"x"}]}""", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":1}""", "messages")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[]}""", "messages")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"oracle","content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"hologram"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"text","text":5}]}]}""", "messages[0].content[0].text")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"x"}]}]}""", "messages[0].content[0].input")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"disk"}}]}]}""", "messages[0].content[0].source.type")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f"}]}""", "tools[0].input_schema")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"tool"}}""", "tool_choice.name")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"stop_sequences":["a",1]}""", "stop_sequences[1]")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"thinking":{"type":"enabled"}}""", "thinking.budget_tokens")]
    public void ReadRequest_WrongMember_IsRefusedWithItsPath(string body, string path)
    {
        var refusal = Assert.Throws<WireFormatException>(() => Read(body));

        Assert.Equal((WireFormatException.InvalidRequest, path), (refusal.Code, refusal.Param));
    }

    [Fact]
    public void WriteRequest_Nothing_HasWhatMustBeThereOnly() => Assert.Equal(
        """{"model":"claude","max_tokens":4096,"messages":[{"role":"user","content":"hi"}]}""",
        Write(new ModelRequest { Model = "m", Messages = [new Message(Role.User, [new TextPart("hi")])] }));

    [Fact]
    public void WriteRequest_ChatsTurns_AreMergedWithResultsFirst()
    {
        var request = new ModelRequest
        {
            Model = "m",
            Messages =
            [
                new Message(Role.User, [new TextPart("a")]),
                new Message(Role.System, [new TextPart("be brief")]),
                new Message(Role.Assistant, [new ReasoningPart("unsigned"), new TextPart(""), new ToolCallPart("call|1", "f", ""), new ToolCallPart("c2", "g", "not json")]),
                new Message(Role.User, [new TextPart("b")]),
                new Message(Role.User, [new ToolResultPart("call|1", [new TextPart("r")]) { IsError = true }, new ToolResultPart("c2", [])]),
            ],
        };

        var body = Write(request);

        var id = body[(body.IndexOf("\"tool_use\",\"id\":\"", StringComparison.Ordinal) + 17)..][..38];
        Assert.Matches("^toolu_[0-9a-f]{32}$", id);
        Assert.EndsWith(
            $$$"""
            "messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"<system>\nbe brief\n</system>"}]},{"role":"assistant","content":[{"type":"tool_use","id":"{{{id}}}","name":"f","input":{}},{"type":"tool_use","id":"c2","name":"g","input":{"input":"not json"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{{id}}}","content":"r","is_error":true},{"type":"tool_result","tool_use_id":"c2"},{"type":"text","text":"b"}]}]}
            """,
            body,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("low", 4096L, """ "max_tokens":4096,"thinking":{"type":"enabled","budget_tokens":1024} """)]
    [InlineData("minimal", 4096L, """ "max_tokens":4096,"thinking":{"type":"enabled","budget_tokens":1024} """)]
    [InlineData("high", 1000L, """ "max_tokens":17384,"thinking":{"type":"enabled","budget_tokens":16384} """)]
    [InlineData("none", 1000L, """ "max_tokens":1000,"thinking":{"type":"disabled"},"temperature":1 """)]
    public void WriteRequest_Effort_BecomesABudgetThatLeavesRoom(string effort, long limit, string expected)
    {
        var request = Ask() with { Reasoning = new ReasoningOptions { Effort = effort }, MaxTokens = limit, Temperature = 1.5, TopK = effort == "none" ? null : 5 };

        Assert.Equal($$"""{"model":"claude",{{expected.Trim()}}}""", Write(request).Replace("\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],", "", StringComparison.Ordinal));
    }

    [Fact]
    public void WriteRequest_AnswerToBeContinued_EndsWithoutBlanksAndWithoutThinking()
    {
        var begun = Ask() with { Reasoning = new ReasoningOptions { IsAdaptive = true } };
        var text = Write(begun with { Messages = [.. begun.Messages, new Message(Role.Assistant, [new TextPart("So \n")])] });
        var refusal = Write(begun with { Messages = [.. begun.Messages, new Message(Role.Assistant, [new RefusalPart("No ")])] });

        Assert.EndsWith("""{"role":"assistant","content":"So"}]}""", text, StringComparison.Ordinal);
        Assert.EndsWith("""{"role":"assistant","content":[{"type":"text","text":"No"}]}]}""", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("thinking", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"tool","name":"web_search"}""", true)]
    [InlineData("""{"type":"tool","name":"f"}""", false)]
    [InlineData("""{"type":"any"}""", false)]
    [InlineData("""{"type":"auto"}""", false)]
    public void FindFields_ForcedHostedTool_IsRefusedElsewhere(string choice, bool isRefused)
    {
        const string Tools = """[{"type":"web_search_20250305","name":"web_search"},{"name":"f","input_schema":{"type":"object"}}]""";

        var used = MessagesCodec.Instance.Fields.Find(Encoding.UTF8.GetBytes($$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":{{Tools}},"tool_choice":{{choice}}}"""));

        Assert.Equal(isRefused, used.To(WireProtocol.Chat).Refused.Contains("tool_choice[tool].name[*]"));
    }

    [Fact]
    public void FindFields_AnyToolOfHostedOnes_IsRefusedElsewhere() => Assert.Contains(
        "tool_choice[tool].name[*]",
        MessagesCodec.Instance.Fields.Find("""{"model":"m","tools":[{"type":"web_search_20250305","name":"s"}],"tool_choice":{"type":"any"}}"""u8.ToArray()).To(WireProtocol.Gemini).Refused);

    [Fact]
    public void WriteRequest_ThinkingWhereItIsRefused_IsLeftOut()
    {
        var thinking = new ReasoningOptions { BudgetTokens = 2000 };
        var forced = Ask() with { Reasoning = thinking, Tools = [new FunctionTool("f")], ToolChoice = new ToolChoice(ToolChoiceMode.Required) };
        var loop = Ask() with { Reasoning = thinking };
        loop = loop with { Messages = [.. loop.Messages, new Message(Role.Assistant, [new ToolCallPart("c", "f", "{}")]), new Message(Role.User, [new ToolResultPart("c", [])])] };
        var signed = loop with { Messages = [loop.Messages[0], new Message(Role.Assistant, [new ReasoningPart("t") { Seal = new Seal(WireProtocol.Messages, "s") }, .. loop.Messages[1].Parts]), loop.Messages[2]] };

        Assert.DoesNotContain("thinking", Write(forced), StringComparison.Ordinal);
        Assert.DoesNotContain("thinking", Write(loop), StringComparison.Ordinal);
        Assert.Contains("\"budget_tokens\":2000", Write(signed), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteRequest_SealsOfOthers_AreLeftOut()
    {
        var request = Ask() with
        {
            Messages =
            [
                new Message(Role.Assistant,
                [
                    new ReasoningPart("a") { Seal = new Seal(WireProtocol.Gemini, "g") },
                    new ReasoningPart("b") { Seal = new Seal(WireProtocol.Messages, "m") { Provider = "other" } },
                    new ReasoningPart("") { Seal = new Seal(WireProtocol.Messages, "mine") { Provider = "acme" }, IsRedacted = true },
                    new TextPart("t "),
                ]),
            ],
        };

        Assert.EndsWith(
            """[{"role":"assistant","content":[{"type":"redacted_thinking","data":"mine"},{"type":"text","text":"t"}]}]}""",
            Write(request, new RequestTarget("claude", false) { Provider = "acme" }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WriteRequest_Tools_AreAnthropics()
    {
        var request = Ask() with
        {
            Tools = [new FunctionTool("a"), new FunctionTool("b") { Parameters = """{"properties":{}}""", Strict = true }, new CustomTool("c"), new FunctionTool("d")],
            ToolChoice = new ToolChoice(ToolChoiceMode.Auto) { Allowed = ["a", "b", "c"] },
            ParallelToolCalls = false,
            Stop = ["\n", "END"],
        };

        Assert.EndsWith(
            """
            "tools":[{"name":"a","input_schema":{"type":"object","properties":{}}},{"name":"b","input_schema":{"type":"object","properties":{}},"strict":true},{"name":"c","input_schema":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}}],"tool_choice":{"type":"auto","disable_parallel_tool_use":true},"stop_sequences":["END"]}
            """,
            Write(request),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WriteRequest_Media_KeepsImagesAndDocuments()
    {
        const string Blocks = """[{"type":"image","source":{"type":"url","url":"https://x.example/i.png"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"t"},"title":"n"},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}},{"type":"document","source":{"type":"url","url":"https://x.example/d.pdf"}},{"type":"image","source":{"type":"file","file_id":"f1"}}]""";

        var body = Write(Read($$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":{{Blocks}}}]}"""));

        Assert.Equal($$"""{"model":"claude","max_tokens":9,"messages":[{"role":"user","content":{{Blocks}}}]}""", body);
    }

    [Fact]
    public void WriteRequest_Format_IsTheOutputConfig() => Assert.EndsWith(
        """
        "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}
        """,
        Write(Ask() with { Format = new ResponseFormat(ResponseFormatKind.JsonSchema) { Name = "x", Schema = """{"type":"object"}""" } }),
        StringComparison.Ordinal);

    private static ModelRequest Ask() => new() { Model = "m", Messages = [new Message(Role.User, [new TextPart("hi")])] };
}
