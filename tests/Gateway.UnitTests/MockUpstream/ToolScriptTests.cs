using System.Text.Json;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>A tool script calls what it says, once, in every protocol; so a test can drive an agent with whatever tools it has.</summary>
public sealed class ToolScriptTests : ProtocolFixture
{
    private static readonly Behaviour Reading = new()
    {
        Text = "Done.",
        ToolScript = [ToolStep.AnyOf(("Read", """{"file_path":"/a"}"""), ("read_file", """{"path":"/b"}"""), ("shell", """{"command":["cat","/c"]}"""))],
    };

    [Theory]
    [InlineData(Chat, ""","tools":[{"type":"function","function":{"name":"x"}},{"type":"function","function":{"name":"read_file"}}]""")]
    [InlineData(Messages, ""","tools":[{"name":"x","input_schema":{}},{"name":"read_file","input_schema":{}}]""")]
    [InlineData(Responses, ""","tools":[{"type":"function","name":"x"},{"type":"function","name":"read_file"}]""")]
    [InlineData(Gemini, ""","tools":[{"functionDeclarations":[{"name":"x"},{"name":"read_file"}]}]""")]
    public async Task Plain_ToolOffered_IsCalledWithItsArguments(string protocol, string tools)
    {
        Mock.Script("*", Reading);

        var answer = await TextAsync(Ask(protocol, "alpha", stream: false, tools));

        Assert.Contains("read_file", answer, StringComparison.Ordinal);
        Assert.Contains("/b", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Done.", answer, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Plain_NoToolsOffered_AnswersWithText(string protocol)
    {
        Mock.Script("*", Reading);

        var answer = await TextAsync(Ask(protocol, "alpha", stream: false));

        Assert.Contains("Done.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_OtherToolsOffered_AnswersWithText()
    {
        Mock.Script("*", Reading);

        var answer = await TextAsync(Ask(Chat, "alpha", stream: false, ""","tools":[{"type":"function","function":{"name":"x"}}]"""));

        Assert.Contains("Done.", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Chat, "v1/chat/completions", """{"model":"alpha","messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"Read","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"b"},{"role":"user","content":"and?"}],"tools":[{"type":"function","function":{"name":"Read"}}]}""")]
    [InlineData(Messages, "v1/messages", """{"model":"alpha","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"Read","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"b"}]},{"role":"user","content":"and?"}],"tools":[{"name":"Read","input_schema":{}}]}""")]
    [InlineData(Responses, "v1/responses", """{"model":"alpha","input":[{"role":"user","content":"a"},{"type":"function_call","call_id":"c","name":"Read","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"b"},{"role":"user","content":"and?"}],"tools":[{"type":"function","name":"Read"}]}""")]
    [InlineData(Gemini, "v1beta/models/alpha:generateContent", """{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"functionCall":{"name":"Read","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"Read","response":{}}}]},{"role":"user","parts":[{"text":"and?"}]}],"tools":[{"functionDeclarations":[{"name":"Read"}]}]}""")]
    public async Task Plain_ResultInTheConversation_AnswersWithText(string protocol, string path, string body)
    {
        Mock.Script("*", Reading);

        Assert.Contains("Done.", await TextAsync(Post(protocol, path, body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responses_FreeformTool_IsGivenTheText()
    {
        Mock.Script("*", new Behaviour { ToolScript = [ToolStep.AnyOf(("apply_patch", "\"*** Begin Patch\""))] });

        var answer = await JsonAsync(Ask(Responses, "alpha", stream: false, ""","tools":[{"type":"custom","name":"apply_patch"}]"""));

        var call = answer.GetProperty("output")[0];
        Assert.Equal(("custom_tool_call", "*** Begin Patch"), (call.GetProperty("type").GetString(), call.GetProperty("input").GetString()));
    }

    [Fact]
    public async Task Control_ToolScriptAsJson_IsUnderstood()
    {
        const string Rule = """{"model":"*","behaviour":{"tool_script":[{"names":["Read","shell"],"arguments_by_name":{"Read":{"file_path":"/a"}},"arguments":{"command":["cat","/a"]}}]}}""";
        using var accepted = await Http.PostAsync("__mock/script", new StringContent(Rule));
        accepted.EnsureSuccessStatusCode();

        var answer = await JsonAsync(Ask(Chat, "alpha", stream: false, ""","tools":[{"type":"function","function":{"name":"shell"}}]"""));

        var call = answer.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal("""{"command":["cat","/a"]}""", call.GetProperty("arguments").GetString());
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(call.GetProperty("arguments").GetString()!).ValueKind);
    }
}
