using System.Text;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

public sealed class ChatRequestScannerTests
{
    [Fact]
    public void Scan_ModelOnly_LeavesEverythingElseAbsent()
    {
        var body = """ { "model" : "gpt-4o" } """;

        var head = Scan(body);

        Assert.Equal("gpt-4o", head.Model);
        Assert.Equal("\"gpt-4o\"", Text(body, head.ModelValue));
        Assert.Equal(2, head.ObjectStart);
        Assert.False(head.ObjectIsEmpty);
        Assert.Null(head.Stream);
        Assert.Null(head.IncludeUsage);
        Assert.Null(head.StreamOptionsValue);
        Assert.Null(head.IncludeUsageValue);
        Assert.Null(head.MaxTokens);
        Assert.False(head.HasTools || head.HasImages || head.HasAudio || head.WantsJsonSchema || head.WantsReasoning);
        Assert.Equal(1, head.Choices);
        Assert.Null(head.PromptCacheKey);
        Assert.Null(head.User);
        Assert.Null(head.MetadataUserId);
        Assert.Equal(0, head.TextBytes);
    }

    [Fact]
    public void Scan_EveryScannedMember_IsFound()
    {
        var head = Scan("""
            {"stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":77,"n":3,"prompt_cache_key":"pck","user":"u-1",
             "metadata":{"a":"b","user_id":"mu"},"reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{}},
             "tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"hi"}],"model":"m"}
            """);

        Assert.Equal("m", head.Model);
        Assert.True(head.Stream);
        Assert.True(head.IncludeUsage);
        Assert.Equal(77, head.MaxTokens);
        Assert.Equal(3, head.Choices);
        Assert.Equal("pck", head.PromptCacheKey);
        Assert.Equal("u-1", head.User);
        Assert.Equal("mu", head.MetadataUserId);
        Assert.True(head.WantsReasoning);
        Assert.True(head.WantsJsonSchema);
        Assert.True(head.HasTools);
        Assert.Equal("""[{"type":"function","function":{"name":"f"}}]""".Length, head.ToolsBytes);
        Assert.Equal(2, head.TextBytes);
    }

    [Fact]
    public void Scan_NullMembers_CountAsAbsent()
    {
        var head = Scan("""
            {"model":"m","stream":null,"stream_options":null,"max_tokens":null,"max_completion_tokens":null,"n":null,"tools":null,"user":null,
             "prompt_cache_key":null,"metadata":null,"response_format":null,"reasoning":null,"reasoning_effort":null}
            """);

        Assert.Null(head.Stream);
        Assert.True(head.StreamOptionsIsNull);
        Assert.NotNull(head.StreamOptionsValue);
        Assert.Null(head.MaxTokens);
        Assert.Equal(1, head.Choices);
        Assert.False(head.HasTools);
        Assert.False(head.WantsReasoning);
        Assert.Null(head.User);
    }

    [Theory]
    [InlineData("""{"model":"m","max_tokens":5}""", 5L)]
    [InlineData("""{"model":"m","max_tokens":5,"max_completion_tokens":9}""", 9L)]
    [InlineData("""{"model":"m","max_completion_tokens":9,"max_tokens":5}""", 9L)]
    [InlineData("""{"model":"m","max_completion_tokens":null,"max_tokens":5}""", 5L)]
    [InlineData("""{"model":"m","max_tokens":4096.0}""", 4096L)]
    [InlineData("""{"model":"m","max_tokens":1e3}""", 1000L)]
    [InlineData("""{"model":"m","max_tokens":0}""", 0L)]
    [InlineData("""{"model":"m","max_tokens":-1}""", null)]
    public void Scan_TokenLimits_TakesTheNewerNameFirst(string body, long? expected) => Assert.Equal(expected, Scan(body).MaxTokens);

    [Theory]
    [InlineData("""{"model":"m","stream_options":{}}""", "{}", true)]
    [InlineData("{\"model\":\"m\",\"stream_options\":{ \n }}", "{ \n }", true)]
    [InlineData("""{"model":"m","stream_options":{"x":[1,{"include_usage":true}]}}""", """{"x":[1,{"include_usage":true}]}""", false)]
    public void Scan_StreamOptionsWithoutUsage_GivesItsPlace(string body, string value, bool isEmpty)
    {
        var head = Scan(body);

        Assert.Equal(value, Text(body, head.StreamOptionsValue!.Value));
        Assert.Equal(isEmpty, head.StreamOptionsIsEmptyObject);
        Assert.Null(head.IncludeUsage);
        Assert.Null(head.IncludeUsageValue);
    }

    [Fact]
    public void Scan_IncludeUsageAmongOthers_GivesItsPlace()
    {
        const string body = """{"model":"m","stream_options":{"a":{},"include_usage": false ,"b":[]}}""";

        var head = Scan(body);

        Assert.False(head.IncludeUsage);
        Assert.Equal("false", Text(body, head.IncludeUsageValue!.Value));
        Assert.Equal("""{"a":{},"include_usage": false ,"b":[]}""", Text(body, head.StreamOptionsValue!.Value));
        Assert.False(head.StreamOptionsIsEmptyObject);
    }

    [Theory]
    [InlineData("""{"\u006dodel":"m"}""", "m")]
    [InlineData("""{"model":"a\u002fb\n\"c\" 模型"}""", "a/b\n\"c\" 模型")]
    [InlineData("""{"mod\u0065\u006c":"\ud83d\ude00"}""", "😀")]
    public void Scan_EscapedKeyOrValue_IsUnderstood(string body, string model) => Assert.Equal(model, Scan(body).Model);

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:AAAA"}}]}]}""", true, false)]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"image_url":{"url":"x"}}]}]}""", true, false)]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA"}}]}]}""", false, true)]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"image_url input_audio"}]}]}""", false, false)]
    [InlineData("""{"model":"m","image_url":1,"messages":[{"role":"user","content":"x","image_url":"y"}]}""", false, false)]
    public void Scan_MediaParts_AreSeenOnlyAsContentParts(string body, bool images, bool audio)
    {
        var head = Scan(body);

        Assert.Equal(images, head.HasImages);
        Assert.Equal(audio, head.HasAudio);
    }

    [Fact]
    public void Scan_TextBytes_CountsDecodedTextAndNoMedia()
    {
        var head = Scan("""
            {"model":"m","messages":[
              {"role":"system","content":"abc"},
              {"role":"user","name":"de","content":[{"type":"text","text":"\u00e9\n"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAAAAAA"}}]},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
              "odd", 7]}
            """);

        // abc, de, é and the line feed, then c1, function, f and {} of the call.
        Assert.Equal(3 + 2 + 3 + 2 + 8 + 1 + 2, head.TextBytes);
    }

    [Theory]
    [InlineData("""{"model":"m","tools":[]}""", false)]
    [InlineData("""{"model":"m","tools":[1]}""", true)]
    [InlineData("""{"model":"m","functions":[{"name":"f"}]}""", true)]
    public void Scan_Tools_MustNotBeEmpty(string body, bool expected) => Assert.Equal(expected, Scan(body).HasTools);

    [Theory]
    [InlineData("""{"model":"m","reasoning":{}}""")]
    [InlineData("""{"model":"m","reasoning_effort":"high"}""")]
    public void Scan_ReasoningAsked_IsSeen(string body) => Assert.True(Scan(body).WantsReasoning);

    [Theory]
    [InlineData("""{"model":"m","response_format":{"type":"json_object"}}""", false)]
    [InlineData("""{"model":"m","response_format":{"json_schema":{"type":"json_schema"}}}""", false)]
    [InlineData("""{"model":"m","response_format":{"json_schema":{"type":"x"},"type":"json_schema"}}""", true)]
    public void Scan_ResponseFormat_LooksAtItsOwnTypeOnly(string body, bool expected) => Assert.Equal(expected, Scan(body).WantsJsonSchema);

    [Fact]
    public void Scan_UnknownMembers_PassWhateverTheyHold()
    {
        var head = Scan("""{"Model2":1e400,"x":-0,"y":[[{"model":"inner"}]],"x":"\ud800","":{"":{}},"model":"outer","Streams":"\udfff\ud800"}""");

        Assert.Equal("outer", head.Model);
    }

    [Fact]
    public void Scan_LoneSurrogateInAHint_BecomesTheReplacementCharacter() =>
        Assert.Equal("a\uFFFDb", Scan("""{"model":"m","user":"a\ud800b"}""").User);

    [Fact]
    public void Scan_DepthAtTheLimit_Passes()
    {
        var nesting = ChatRequestScanner.MaxDepth - 1;
        var body = $$"""{"model":"m","x":{{new string('[', nesting)}}{{new string(']', nesting)}}}""";

        Assert.Equal("m", Scan(body).Model);
    }

    private static ChatRequestHead Scan(string body) => ChatRequestScanner.Scan(Encoding.UTF8.GetBytes(body));

    private static string Text(string body, AIHigress.Wire.ByteSpan place) => Encoding.UTF8.GetString(place.Slice(Encoding.UTF8.GetBytes(body)));
}
