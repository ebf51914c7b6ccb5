using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.Wire;

/// <summary>What the scan of a body finds that a model must be able to do, in each protocol.</summary>
public sealed class RequestNeedsTests
{
    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","messages":[],"tools":[]}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","messages":[],"tools":[{}]}""", RequestNeeds.Tools)]
    [InlineData("""{"model":"m","messages":[{"content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", RequestNeeds.Vision)]
    [InlineData("""{"model":"m","messages":[{"content":[{"type":"input_audio","input_audio":{}}]}]}""", RequestNeeds.Audio)]
    [InlineData("""{"model":"m","response_format":{"type":"json_schema"}}""", RequestNeeds.JsonSchema)]
    [InlineData("""{"model":"m","response_format":{"type":"json_object"}}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","reasoning_effort":"low"}""", RequestNeeds.Reasoning)]
    [InlineData("""{"model":"m","reasoning_effort":"none"}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","reasoning_effort":null}""", RequestNeeds.None)]
    public void Chat(string body, RequestNeeds needs) => Assert.Equal(needs, ChatRequestScanner.Scan(Encoding.UTF8.GetBytes(body)).Needs);

    [Theory]
    [InlineData("""{"model":"m","input":"a picture of type image"}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_image","image_url":"x"}]}]}""", RequestNeeds.Vision)]
    [InlineData("""{"model":"m","input":[{"type":"function_call_output","output":[{"type":"input_image","image_url":"x"}]}]}""", RequestNeeds.Vision)]
    [InlineData("""{"model":"m","input":[{"type":"function_call","arguments":"{\"type\":\"input_image\"}"}]}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","input":[{"content":[{"type":"input_audio"}]}],"tools":[{"type":"web_search"}]}""", RequestNeeds.Audio | RequestNeeds.Tools)]
    [InlineData("""{"model":"m","text":{"format":{"name":"x","schema":{"type":"object"},"type":"json_schema"}}}""", RequestNeeds.JsonSchema)]
    [InlineData("""{"model":"m","text":{"format":{"type":"text"},"verbosity":"low"}}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","reasoning":{"effort":"high"}}""", RequestNeeds.Reasoning)]
    [InlineData("""{"model":"m","reasoning":{"effort":"none"}}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","reasoning":{"summary":"auto"}}""", RequestNeeds.None)]
    public void Responses(string body, RequestNeeds needs) => Assert.Equal(needs, Scan(body).Needs);

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","messages":[{"content":[{"type":"image","source":{"type":"base64","data":"AA"}}]}]}""", RequestNeeds.Vision)]
    [InlineData("""{"model":"m","messages":[{"content":[{"source":{},"type":"image"}]}]}""", RequestNeeds.Vision)]
    [InlineData("""{"model":"m","messages":[{"content":[{"type":"tool_result","content":[{"type":"image"}]}]}]}""", RequestNeeds.Vision)]
    [InlineData("""{"model":"m","messages":[{"content":[{"type":"tool_use","input":{"type":"image","content":[{"type":"image"}]}}]}]}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","tools":[{"name":"f","input_schema":{}}]}""", RequestNeeds.Tools)]
    [InlineData("""{"model":"m","thinking":{"type":"enabled","budget_tokens":1024}}""", RequestNeeds.Reasoning)]
    [InlineData("""{"model":"m","thinking":{"type":"adaptive"}}""", RequestNeeds.Reasoning)]
    [InlineData("""{"model":"m","thinking":{"type":"disabled"}}""", RequestNeeds.None)]
    [InlineData("""{"model":"m","output_config":{"format":{"type":"json_schema","schema":{}}}}""", RequestNeeds.JsonSchema)]
    [InlineData("""{"model":"m","output_format":{"type":"json_schema","schema":{}}}""", RequestNeeds.JsonSchema)]
    public void Messages(string body, RequestNeeds needs) => Assert.Equal(needs, Scan(body).Needs);

    [Theory]
    [InlineData("""{"contents":[{"parts":[{"text":"image/png"}]}]}""", RequestNeeds.None)]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"AA"}}]}]}""", RequestNeeds.Vision)]
    [InlineData("""{"contents":{"parts":[{"file_data":{"file_uri":"x","mime_type":"audio/wav"}}]}}""", RequestNeeds.Audio)]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"application/pdf","data":"AA"}}]}]}""", RequestNeeds.None)]
    [InlineData("""{"contents":[{"parts":[{"functionCall":{"args":{"inlineData":{"mimeType":"image/png"}}}}]}]}""", RequestNeeds.None)]
    [InlineData("""{"contents":[],"tools":[{"functionDeclarations":[]}]}""", RequestNeeds.Tools)]
    [InlineData("""{"contents":[],"generationConfig":{"responseSchema":{"type":"OBJECT"}}}""", RequestNeeds.JsonSchema)]
    [InlineData("""{"contents":[],"generationConfig":{"thinkingConfig":{"thinkingBudget":0}}}""", RequestNeeds.None)]
    [InlineData("""{"contents":[],"generationConfig":{"thinkingConfig":{"thinkingBudget":-1}}}""", RequestNeeds.Reasoning)]
    [InlineData("""{"contents":[],"generation_config":{"thinking_config":{"thinking_level":"high"}}}""", RequestNeeds.Reasoning)]
    public void Gemini(string body, RequestNeeds needs) => Assert.Equal(needs, Scan(body).Needs);

    [Theory]
    [InlineData("""{"model":"m","messages":"x","input":{"a":[1]},"contents":[[]],"tools":{},"text":"t","thinking":3,"reasoning":[],"generationConfig":[]}""")]
    [InlineData("""{"model":"m","messages":[null,1,"x",[{"type":"image"}],{"content":{"type":3},"type":[]}]}""")]
    [InlineData("""{"model":"m","output_config":{"format":null},"text":{"format":[]},"generationConfig":{"thinkingConfig":null,"responseSchema":null}}""")]
    public void Scan_AnyOtherForm_PassesUnread(string body) => Assert.Equal(RequestNeeds.None, Scan(body).Needs);

    [Fact]
    public void TextBytes_EmbeddedFile_CountsForNothing()
    {
        var data = new string('A', 1_000_000);
        var image = $$$"""{"model":"m","messages":[{"content":[{"type":"image","source":{"type":"base64","data":"{{{data}}}"}},{"type":"text","text":"hi"}]}]}""";
        var google = $$$"""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"{{{data}}}"}}]}]}""";
        var response = $$$"""{"model":"m","input":[{"content":[{"type":"input_image","image_url":"data:image/png;base64,{{{data}}}"}]}]}""";
        var text = $$$"""{"model":"m","messages":[{"content":[{"type":"text","text":"{{{data}}}"}]}]}""";

        Assert.All((string[])[image, google, response], body => Assert.InRange(Scan(body).TextBytes, 1, 300));
        Assert.InRange(Scan(text).TextBytes, 1_000_000, 1_000_200);
    }

    private static BodyHead Scan(string body) => BodyHeadScanner.Scan(Encoding.UTF8.GetBytes(body), needsModel: false);
}
