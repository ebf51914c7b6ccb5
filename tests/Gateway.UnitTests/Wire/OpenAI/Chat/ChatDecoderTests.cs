using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Chat;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI.Chat;

public sealed class ChatDecoderTests
{
    private const string Start = "start chatcmpl-1 up 5 | ";

    [Fact]
    public void Read_TextPieces_AreOnePartWithTrueIncrements() => Assert.Equal(
        Start + "0 Text | 0 +Hel | 0 +lo \"ä\" | 0 end | finish 0 Stop",
        ChatRun.Deltas("""{"role":"assistant","content":""}""", """{"content":"Hel"}""", """{"content":"lo \"\u00e4\""}""").Text);

    [Theory]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", true)]
    [InlineData("""{"usage":{"prompt_tokens":1,"completion_tokens":2}}""", true)]
    [InlineData("""{"choices":[ ],"usage":null}""", false)]
    [InlineData("""{"choices":[{"index":1,"delta":{"content":"b"}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", false)]
    [InlineData("""{"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", false)]
    public void IsOver_ChunkAfterTheFinish_OnlyUsageOfItsOwnIsTheLast(string chunk, bool isOver)
    {
        const string finish = """{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
        var before = ChatRun.Stream(Encoding.UTF8.GetBytes($"data: {chunk}\n\n")).Decoder;
        var after = ChatRun.Stream(Encoding.UTF8.GetBytes($"data: {finish}\n\ndata: {chunk}\n\n")).Decoder;

        Assert.Equal((false, isOver), (before.IsOver, after.IsOver));
    }

    [Fact]
    public void Read_NoRoleNullsAndEmptyCallArrays_OpenNothing() => Assert.Equal(
        Start + "0 Text | 0 +a | 0 +b | 0 end | finish 0 Stop",
        ChatRun.Deltas("""{"content":"a","tool_calls":[],"refusal":null,"reasoning_content":null,"function_call":null}""", """{"content":"b","tool_calls":null}""").Text);

    [Fact]
    public void Read_ThoughtsThenText_AreTwoParts() => Assert.Equal(
        Start + "0 Reasoning | 0 +hm | 0 end | 1 Text | 1 +x | 1 end | finish 0 Stop",
        ChatRun.Deltas("""{"reasoning":"hm","reasoning_content":"hm"}""", """{"content":"x"}""").Text);

    [Fact]
    public void Read_TextAndThoughtsInOneDelta_ThoughtsComeFirst() => Assert.Equal(
        Start + "0 Reasoning | 0 +hm | 0 end | 1 Text | 1 +x | 1 end | finish 0 Stop",
        ChatRun.Deltas("""{"content":"x","reasoning_content":"hm"}""").Text);

    [Fact]
    public void Read_DetailsBesideThoughts_SealThemAndAddNoText() => Assert.Equal(
        Start + "0 Reasoning | 0 +hm | 0 seal Chat SIG | 0 end | 1 RedactedReasoning | 1 seal Chat ENC | 1 end | finish 0 Stop",
        ChatRun.Deltas(
            """{"reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","index":0}]}""",
            """{"reasoning_details":[{"type":"reasoning.text","signature":"SIG","index":0},{"type":"reasoning.encrypted","data":"ENC","index":1}]}""").Text);

    [Fact]
    public void Read_OnlyDetails_GiveTheText() => Assert.Equal(
        Start + "0 Reasoning | 0 +sum | 0 end | finish 0 Stop",
        ChatRun.Deltas("""{"reasoning_details":[{"type":"reasoning.summary","summary":"sum","index":0}]}""").Text);

    [Fact]
    public void Read_ArgumentsInPieces_AreTrueIncrements() => Assert.Equal(
        Start + """0 Text | 0 +t | 0 end | 1 call c1 get | 1 +{"a" | 1 +:1} | 1 end | finish 0 ToolCalls""",
        ChatRun.Deltas(
            """{"content":"t"}""",
            """{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"get","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}""").Text);

    [Fact]
    public void Read_InterleavedCalls_StayApart() => Assert.Equal(
        Start + """0 call c1 f | 0 +{"a | 1 call c2 g | 1 +{"b | 0 +":1} | 1 +":2} | 0 end | 1 end | finish 0 ToolCalls""",
        ChatRun.Deltas(
            """{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a"}},{"index":1,"id":"c2","function":{"name":"g","arguments":"{\"b"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"\":1}"}}]}""",
            """{"tool_calls":[{"index":1,"function":{"arguments":"\":2}"}}]}""").Text);

    [Theory]
    [InlineData(""","index":0""")]
    [InlineData("")]
    public void Read_WholeCallsAllWithTheSameIndexOrNone_AreSeveralCalls(string index) => Assert.Equal(
        Start + "0 call c1 f | 0 +{} | 0 end | 1 call c2 f | 1 +{} | 1 end | finish 0 ToolCalls",
        ChatRun.Deltas(
            """{"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}INDEX}]}""".Replace("INDEX", index, StringComparison.Ordinal),
            """{"tool_calls":[{"id":"c2","function":{"name":"f","arguments":"{}"}INDEX}]}""".Replace("INDEX", index, StringComparison.Ordinal)).Text);

    [Fact]
    public void Read_CustomCallsOfOneToolWithOtherIds_AreSeveralCalls() => Assert.Equal(
        Start + "0 call c1 sh | 0 +ls | 0 end | 1 call c2 sh | 1 +pwd | 1 end | finish 0 ToolCalls",
        ChatRun.Deltas(
            """{"tool_calls":[{"id":"c1","type":"custom","custom":{"name":"sh","input":"ls"}}]}""",
            """{"tool_calls":[{"id":"c2","type":"custom","custom":{"name":"sh","input":"pwd"}}]}""").Text);

    [Fact]
    public void Read_TextAfterACustomCall_EndsTheCallFirst() => Assert.Equal(
        Start + "0 call c1 sh | 0 +ls | 0 end | 1 Text | 1 +t | 1 end | finish 0 ToolCalls",
        ChatRun.Deltas("""{"tool_calls":[{"index":0,"id":"c1","type":"custom","custom":{"name":"sh","input":"ls"}}]}""", """{"content":"t"}""").Text);

    [Fact]
    public void Read_ChoicesThatNobodyCanAskFor_AreLeftOut() => Assert.Equal(
        [0, 127],
        ChatRun.Answer("""{"choices":[{"index":0,"message":{"content":"a"}},{"index":127,"message":{"content":"b"}},{"index":128,"message":{"content":"c"}}]}""").Answer!.Choices.Select(c => c.Index));

    [Fact]
    public void Read_IdsThatChangeInsideACall_TheFirstHolds() => Assert.Equal(
        Start + """0 call c1 f | 0 +{"a" | 0 +:1} | 0 end | finish 0 ToolCalls""",
        ChatRun.Deltas(
            """{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\""}}]}""",
            """{"tool_calls":[{"index":0,"id":"c9","function":{"name":"f","arguments":":1}"}}]}""").Text);

    [Theory]
    [InlineData("""{\"a\":1}""")]
    [InlineData("{\\\"a\\\"")]
    public void Read_ArgumentsRepeatedInAPiece_AreDropped(string repeated)
    {
        var first = repeated.Contains('}', StringComparison.Ordinal) ? """{\"a\":1}""" : "{\\\"a\\\"";
        var log = ChatRun.Deltas(
            $$$"""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{{{first}}}"}}]}""",
            $$$"""{"tool_calls":[{"index":0,"function":{"arguments":"{{{repeated}}}"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}""");

        Assert.Equal("""{"a":1}""", Assert.IsType<ToolCallPart>(log.Answer.Choices[0].Parts[0]).Arguments);
    }

    [Fact]
    public void Read_WholeArgumentsInTheFinishChunkAfterPieces_AddOnlyTheRest()
    {
        var bytes = ChatRun.Event("""{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{\"a\""}}]}}]}""")
            + ChatRun.Event("""{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}]}""");

        Assert.Equal("""start   0 | 0 call c f | 0 +{"a" | 0 +:1} | 0 end | finish 0 ToolCalls""", ChatRun.Stream(Encoding.UTF8.GetBytes(bytes)).Log.Text);
    }

    [Fact]
    public void Read_ArgumentsBeforeTheName_WaitForIt() => Assert.Equal(
        Start + """0 call c1 f | 0 +{"a | 0 +":1} | 0 end | finish 0 ToolCalls""",
        ChatRun.Deltas(
            """{"tool_calls":[{"index":0,"id":"c1","function":{"arguments":"{\"a"}}]}""",
            """{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"\":1}"}}]}""").Text);

    [Fact]
    public void Read_CallWithoutArgumentsOrWithAnObject_IsAnObject() => Assert.Equal(
        Start + """0 call c1 f | 1 call c2 g | 1 +{"x": 1} | 0 +{} | 0 end | 1 end | finish 0 ToolCalls""",
        ChatRun.Deltas("""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f"}},{"index":1,"id":"c2","function":{"name":"g","arguments":{"x": 1}}}]}""").Text);

    [Fact]
    public void Read_SignatureOfACall_IsGeminisSeal() => Assert.Contains(
        "0 seal Gemini SIG",
        ChatRun.Deltas("""{"tool_calls":[{"index":0,"id":"c1","extra_content":{"google":{"thought_signature":"SIG"}},"function":{"name":"f","arguments":"{}"}}]}""").Lines);

    [Fact]
    public void Read_TextAfterWholeCall_EndsTheCallFirst() => Assert.Equal(
        Start + "0 call c1 f | 0 +{} | 0 end | 1 Text | 1 +x | 1 end | finish 0 ToolCalls",
        ChatRun.Deltas("""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}]}""", """{"content":"x"}""").Text);

    [Fact]
    public void Read_OldFunctionCall_IsACall() => Assert.Equal(
        Start + """0 call  f | 0 +{"a | 0 +":1} | 0 end | finish 0 ToolCalls""",
        ChatRun.Deltas("""{"function_call":{"name":"f","arguments":"{\"a"}}""", """{"function_call":{"arguments":"\":1}"}}""").Text);

    [Fact]
    public void Read_SecondFinishAndLaterDeltas_AreIgnored()
    {
        var finish = ChatRun.Event("""{"choices":[{"index":0,"delta":{"content":"late"},"finish_reason":"length"}]}""");
        var log = ChatRun.Stream(Encoding.UTF8.GetBytes(finish + finish + "data: [DONE]\n\n" + finish)).Log;

        Assert.Equal("start   0 | 0 Text | 0 +late | 0 end | finish 0 Length", log.Text);
    }

    [Fact]
    public void Read_UsageBesideChoicesAndTwice_TheLastHoldsAndPartsDoNotOverlap()
    {
        var bytes = ChatRun.Event("""{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":0}}""")
            + ChatRun.Event("""{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":-3}}}""");

        Assert.Equal(new TokenUsage(6, 4, 0, 7, 0), ChatRun.Stream(Encoding.UTF8.GetBytes(bytes)).Log.LastUsage);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Read_AnySplitWithCrlfAndComments_GivesTheSameCharacters(int size)
    {
        var bytes = (": hello\n\n" + ChatRun.Event("""{"choices":[{"index":0,"delta":{"content":"äé😀\ud83d\ude00"}}]}""") + ": p\n\n"
            + ChatRun.Event("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""")).Replace("\n", "\r\n", StringComparison.Ordinal);

        Assert.Equal("start   0 | 0 Text | 0 +äé😀😀 | ping | 0 end | finish 0 Stop", ChatRun.Stream(Encoding.UTF8.GetBytes(bytes), size).Log.Text);
    }

    [Fact]
    public void Read_SeveralChoices_NumberPartsOverAll()
    {
        var bytes = ChatRun.Event("""{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}""")
            + ChatRun.Event("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"},{"index":1,"delta":{},"finish_reason":"length"}]}""");

        Assert.Equal("start   0 | 0 Text | 0 +b | 1 Text | 1 +a | 1 end | finish 0 Stop | 0 end | finish 1 Length", ChatRun.Stream(Encoding.UTF8.GetBytes(bytes)).Log.Text);
    }

    [Theory]
    [InlineData("""{"error":{"message":"busy","type":"overloaded_error"}}""", 529)]
    [InlineData("""{"error":{"message":"slow","code":"rate_limit_exceeded"}}""", 429)]
    [InlineData("""{"error":{"message":"x","code":502},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}""", 502)]
    [InlineData("""{"error":{"message":"x","status":"UNAVAILABLE"}}""", 503)]
    [InlineData("""{"object":"error","message":"x","code":400}""", 400)]
    [InlineData("""{"error":{"message":"x"}}""", null)]
    public void Read_ErrorInAStartedStream_IsAnErrorAndNoEnd(string data, int? status)
    {
        var bytes = ChatRun.Event("""{"choices":[{"index":0,"delta":{"content":"x"}}]}""") + ChatRun.Event(data);
        var (log, decoder, last) = ChatRun.Stream(Encoding.UTF8.GetBytes(bytes));

        Assert.Equal(DecodeStep.Error, last);
        Assert.Equal(status, decoder.Error!.Status);
        Assert.False(decoder.IsWhole);
        Assert.Equal("start   0 | 0 Text | 0 +x", log.Text);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("""{"choices":[{"delta":{"content":"x"}}""")]
    public void Read_NotAChunk_IsMalformedAndSaysNothing(string data)
    {
        var log = new SinkLog();
        var ev = new SseEvent { Data = Encoding.UTF8.GetBytes(data), HasData = true, IsComplete = true };

        Assert.Equal(DecodeStep.Malformed, ChatCodec.Instance.NewDecoder().Read(ev, log));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public void Read_CutBeforeTheFinish_IsNotWhole()
    {
        var bytes = Encoding.UTF8.GetBytes(ChatRun.Event("""{"choices":[{"index":0,"delta":{"content":"x"}}]}"""));

        Assert.False(ChatRun.Stream(bytes).Decoder.IsWhole);
    }

    [Fact]
    public void Read_ControlCharactersInIds_AreLeftOut() => Assert.Equal(
        "start ab m 0",
        ChatRun.Stream(Encoding.UTF8.GetBytes(ChatRun.Event("""{"id":"a\r\nb","model":"m\u0007","choices":[{"delta":{}}]}"""))).Log.Lines[0]);
}
