using System.Text;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

public sealed class ChatRequestSplicerTests
{
    [Theory]
    [InlineData("""{"model":"a"}""", """{"model":"b/c"}""")]
    [InlineData("{ \"x\" : 1e400,\n\t\"model\" :\"a\" , \"y\":\"\\u0041\" }\n", "{ \"x\" : 1e400,\n\t\"model\" :\"b/c\" , \"y\":\"\\u0041\" }\n")]
    [InlineData("""{"\u006dodel":"a","messages":[{"content":"model"}]}""", """{"\u006dodel":"b/c","messages":[{"content":"model"}]}""")]
    public void Write_OtherModel_ReplacesOnlyTheModel(string body, string expected) => Assert.Equal(expected, Splice(body, "b/c", addIncludeUsage: false));

    [Theory]
    [InlineData("""{"model":"a\u002fb", "n" : 1}""", "a/b")]
    [InlineData("""{"model":"a"}""", "a")]
    public void Write_SameModel_LeavesTheBytes(string body, string model)
    {
        Assert.Equal(body, Splice(body, model, addIncludeUsage: false));
        Assert.True(ChatRequestSplicer.IsUnchanged(ChatRequestScanner.Scan(Encoding.UTF8.GetBytes(body)), model, addIncludeUsage: false));
    }

    [Theory]
    [InlineData("\"quote\" back\\slash", "\"\\\"quote\\\" back\\\\slash\"")]
    [InlineData("tab\tend\u0001", "\"tab\\u0009end\\u0001\"")]
    [InlineData("模型 😀", "\"模型 😀\"")]
    public void Write_ModelThatNeedsEscapes_IsValidJson(string model, string token) =>
        Assert.Equal($$"""{"model":{{token}}}""", Splice("""{"model":"a"}""", model, addIncludeUsage: false));

    [Fact]
    public void Write_LoneSurrogateInModel_BecomesTheReplacementCharacter() =>
        Assert.Equal("""{"model":"x�"}""", Splice("""{"model":"a"}""", "x\ud800", addIncludeUsage: false));

    [Theory]
    [InlineData("""{"model":"a"}""", """{"stream_options":{"include_usage":true},"model":"a"}""")]
    [InlineData("""  { "model":"a"}""", """  {"stream_options":{"include_usage":true}, "model":"a"}""")]
    [InlineData("""{"model":"a","stream_options":null}""", """{"model":"a","stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"a","stream_options":{}}""", """{"model":"a","stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"a","stream_options":{ }}""", """{"model":"a","stream_options":{"include_usage":true }}""")]
    [InlineData("""{"stream_options":{ "x":1 },"model":"a"}""", """{"stream_options":{"include_usage":true, "x":1 },"model":"a"}""")]
    [InlineData("""{"stream_options":{"include_usage" : false },"model":"a"}""", """{"stream_options":{"include_usage" : true },"model":"a"}""")]
    [InlineData("""{"model":"a","stream_options":{"x":{},"include\u005fusage":null}}""", """{"model":"a","stream_options":{"x":{},"include\u005fusage":true}}""")]
    [InlineData("""{"model":"a","stream_options":{"include_usage":true}}""", """{"model":"a","stream_options":{"include_usage":true}}""")]
    public void Write_UsageWanted_MakesIncludeUsageTrue(string body, string expected) => Assert.Equal(expected, Splice(body, "a", addIncludeUsage: true));

    [Fact]
    public void Write_ModelAndUsage_InEitherOrder()
    {
        Assert.Equal(
            """{"stream_options":{"include_usage":true},"model":"long-model"}""",
            Splice("""{"stream_options":null,"model":"a"}""", "long-model", addIncludeUsage: true));
        Assert.Equal(
            """{"model":"long-model","stream_options":{"include_usage":true}}""",
            Splice("""{"model":"a","stream_options":null}""", "long-model", addIncludeUsage: true));
    }

    [Fact]
    public void Write_UsageNotWanted_LeavesStreamOptions() =>
        Assert.Equal(
            """{"model":"b","stream_options":{"include_usage":false}}""",
            Splice("""{"model":"a","stream_options":{"include_usage":false}}""", "b", addIncludeUsage: false));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_DestinationTooSmall_Throws(bool addIncludeUsage)
    {
        var body = """{"n":1,"model":"a","stream_options":null}"""u8.ToArray();
        var head = ChatRequestScanner.Scan(body);
        var length = ChatRequestSplicer.GetLength(body, head, "model-b", addIncludeUsage);
        for (var size = 0; size < length; size++)
        {
            var destination = new byte[size];
            Assert.Throws<ArgumentException>(() => ChatRequestSplicer.Write(body, head, "model-b", addIncludeUsage, destination));
        }
    }

    private static string Splice(string text, string model, bool addIncludeUsage)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var head = ChatRequestScanner.Scan(body);
        var destination = new byte[ChatRequestSplicer.GetLength(body, head, model, addIncludeUsage)];

        Assert.Equal(destination.Length, ChatRequestSplicer.Write(body, head, model, addIncludeUsage, destination));
        return Encoding.UTF8.GetString(destination);
    }
}
