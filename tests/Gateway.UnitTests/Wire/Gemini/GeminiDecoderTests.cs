using System.Text;
using AIHigress.Wire.Gemini;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.UnitTests.Wire.Gemini;

public sealed class GeminiDecoderTests
{
    private const string Stop = """{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}]}""";

    [Fact]
    public void Read_TextInChunks_GoesOnInOnePart()
    {
        var events = Read(
            """{"candidates":[{"content":{"parts":[{"text":"He"}],"role":"model"},"index":0}],"modelVersion":"gemini-2.5-flash","responseId":"r1","createTime":"2026-01-01T00:00:01.5Z"}""",
            """{"candidates":[{"content":{"parts":[{"text":"llo\n"}],"role":"model"},"index":0}],"modelVersion":"gemini-2.5-flash","responseId":"other"}""",
            Stop);

        Assert.Equal("start r1 gemini-2.5-flash 1767225601 | 0:0 Text | 0+He | 0+llo\n | 0. | 0 Stop", events);
    }

    [Fact]
    public void Read_ThoughtsThenText_AreTwoParts()
    {
        var events = Read("""{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"thought":true,"text":"m"},{"text":"Yes"}]}}]}""", Stop);

        Assert.Equal("start   0 | 0:0 Reasoning | 0+hm | 0+m | 0. | 1:0 Text | 1+Yes | 1. | 0 Stop", events);
    }

    [Fact]
    public void Read_SignatureOfThoughts_SealsThemAndEndsThem()
    {
        var events = Read(
            """{"candidates":[{"content":{"parts":[{"text":"a","thought":true}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"b","thought":true,"thoughtSignature":"c2ln"}]}}]}""");

        Assert.Equal("start   0 | 0:0 Reasoning | 0+a | 0+b | 0 sealed Gemini c2ln | 0. | 0 Stop", events);
    }

    [Fact]
    public void Read_SignatureOfText_StandsInFrontOrBehindWhenItHasBegun()
    {
        Assert.Equal(
            "start   0 | 0:0 Reasoning | 0 sealed Gemini s | 0. | 1:0 Text | 1+x | 1. | 0 Stop",
            Read("""{"candidates":[{"content":{"parts":[{"text":"x","thoughtSignature":"s"}]}}]}"""));
        Assert.Equal(
            "start   0 | 0:0 Text | 0+x | 0. | 1:0 Reasoning | 1 sealed Gemini s | 1. | 0 Stop",
            Read("""{"candidates":[{"content":{"parts":[{"text":"x"}]}}]}""", """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"s"}]}}]}"""));
    }

    [Fact]
    public void Read_ParallelCalls_AreWholePartsAndEndInToolCalls()
    {
        var events = Read(
            """{"candidates":[{"content":{"parts":[{"text":"T"},{"functionCall":{"name":"f","args":{"a":"\u00e9"},"id":"x1"},"thoughtSignature":"sig"},{"functionCall":{"name":"g"}}]},"finishReason":"STOP"}]}""");

        Assert.Equal(
            """start   0 | 0:0 Text | 0+T | 0. | 1:0 ToolCall x1 f | 1+{"a":"\u00e9"} | 1 sealed Gemini sig | 1. | 2:0 ToolCall  g | 2+{} | 2. | 0 ToolCalls""",
            events);
    }

    [Fact]
    public void Read_CallSentAgainWithItsId_IsDropped()
    {
        const string call = """{"candidates":[{"content":{"parts":[{"functionCall":{"id":"1","name":"f","args":{}}}]}}]}""";

        Assert.Equal("start   0 | 0:0 ToolCall 1 f | 0+{} | 0. | 0 ToolCalls", Read(call, call));
    }

    [Fact]
    public void Read_CallWithoutNameOrNull_OpensNothing()
    {
        Assert.Equal("start   0 | 0 Stop", Read("""{"candidates":[{"content":{"parts":[{"functionCall":{"args":{}}},{"functionCall":null},null,7]},"finishReason":"STOP"}]}"""));
    }

    [Fact]
    public void Read_ArgumentsAsText_AreTheText() =>
        Assert.Contains("""0+{"a":1} |""", Read("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":"{\"a\":1}"}}]}}]}"""), StringComparison.Ordinal);

    [Fact]
    public void Read_FinishInEveryChunk_LosesNoText()
    {
        var events = Read(
            """{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS"}]}""");

        Assert.Equal("start   0 | 0:0 Text | 0+a | 0+b | 0. | 0 Length", events);
    }

    [Fact]
    public void Read_SeveralCandidates_AreChoicesOpenSideBySide()
    {
        var events = Read(
            """{"candidates":[{"index":1,"content":{"parts":[{"text":"b"}]}},{"content":{"parts":[{"text":"a"}]},"index":0}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"B"}]},"finishReason":"STOP","index":1},{"finishReason":"SAFETY","index":0}]}""");

        Assert.Equal("start   0 | 0:1 Text | 0+b | 1:0 Text | 1+a | 0+B | 1. | 0 ContentFilter | 0. | 1 Stop", events);
    }

    [Fact]
    public void Read_BlockedPrompt_IsFinishedByTheFilter()
    {
        var decoder = GeminiCodec.Instance.NewDecoder();

        Assert.Equal("start   0 | usage 4 0 0 0 0 | 0 ContentFilter", EventLog.Of(decoder, """{"promptFeedback":{"safetyRatings":[],"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4,"totalTokenCount":4}}"""));
        Assert.True(decoder.IsWhole);
    }

    [Theory]
    [InlineData("""{"promptTokenCount":10,"cachedContentTokenCount":4,"candidatesTokenCount":3,"thoughtsTokenCount":2,"toolUsePromptTokenCount":5,"totalTokenCount":20}""", "11 4 0 3 2")]
    [InlineData("""{"promptTokenCount":10,"cachedContentTokenCount":40}""", "0 10 0 0 0")]
    [InlineData("""{"promptTokenCount":10,"totalTokenCount":15,"thoughtsTokenCount":2}""", "10 0 0 3 2")]
    [InlineData("""{"promptTokenCount":-3,"candidatesTokenCount":null,"totalTokenCount":-9,"thoughtsTokenCount":"x"}""", "0 0 0 0 0")]
    [InlineData("""{"promptTokenCount":0,"candidatesTokenCount":0,"totalTokenCount":0}""", "0 0 0 0 0")]
    public void Read_Usage_IsCountedWithoutOverlapOrNegatives(string usage, string expected)
    {
        var chunk = "{\"usageMetadata\":" + usage + ",\"candidates\":[{\"finishReason\":\"STOP\"}]}";

        Assert.Equal($"start   0 | usage {expected} | 0 Stop", Read(chunk));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"trafficType":"ON_DEMAND"}""")]
    [InlineData("[]")]
    public void Read_UsageThatCountsNothing_IsNone(string usage) =>
        Assert.Equal("start   0 | 0 Stop", Read("{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":" + usage + "}"));

    [Fact]
    public void Read_UsageTwice_GivesBothInOrder()
    {
        var events = Read("""{"candidates":[],"usageMetadata":{"promptTokenCount":3}}""", """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":7}}""");

        Assert.Equal("start   0 | usage 3 0 0 0 0 | usage 3 0 0 7 0 | 0 Stop", events);
    }

    [Theory]
    [InlineData("""{"error":{"code":503,"message":"full","status":"UNAVAILABLE"}}""", 503, "UNAVAILABLE")]
    [InlineData("""[{"error":{"message":"slow","status":"RESOURCE_EXHAUSTED"}}]""", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("""{"error":{"code":0,"status":"NEW_WORD"}}""", null, "NEW_WORD")]
    [InlineData("""{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"bad"}]}""", 502, "MALFORMED_FUNCTION_CALL")]
    public void Read_Error_IsToldAsOne(string chunk, int? status, string type)
    {
        var decoder = GeminiCodec.Instance.NewDecoder();

        Assert.EndsWith("Error", EventLog.Of(decoder, """{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}""", chunk), StringComparison.Ordinal);
        Assert.Equal(status, decoder.Error?.Status);
        Assert.Equal(type, decoder.Error?.Type);
        Assert.False(decoder.IsWhole && status is not 502);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"a"}]}}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"a"}]}}]} x""")]
    public void Read_OtherThanChunks_IsMalformedAndSaysNothing(string chunk) => Assert.Equal("Malformed", Read(chunk));

    [Fact]
    public void Read_InvalidUtf8_IsMalformed()
    {
        byte[] data = [.. "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""u8, 0xC3, .. "\"}]}}]}"u8];

        Assert.Equal(DecodeStep.Malformed, GeminiCodec.Instance.NewDecoder().Read(new SseEvent { Data = data, HasData = true }, new EventLog()));
    }

    [Fact]
    public void Read_HalfAnEmoji_BecomesAReplacementCharacter() =>
        Assert.Contains("0+a\uFFFD |", Read("""{"candidates":[{"content":{"parts":[{"text":"a\ud83d"}]}}]}"""), StringComparison.Ordinal);

    [Fact]
    public void Read_NullsAndOddTypes_AreAbsent() => Assert.Equal(
        "start   0 | 0:0 Text | 0+x | 0. | 0 Stop",
        Read("""{"candidates":[{"content":{"parts":[{"text":"x","thought":null,"thoughtSignature":null,"inlineData":null}],"role":null},"finishReason":null,"index":null},{"content":null},null],"error":null,"promptFeedback":null,"responseId":null}"""));

    [Fact]
    public void Read_Picture_IsNotSilentlyGone() =>
        Assert.Contains("0+![image](data:image/png;base64,AAAA)", Read("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}]}"""), StringComparison.Ordinal);

    [Fact]
    public void Read_Comment_IsNothing() =>
        Assert.Equal(DecodeStep.Continue, GeminiCodec.Instance.NewDecoder().Read(new SseEvent { IsComplete = true }, new EventLog()));

    [Fact]
    public void IsWhole_BeforeAFinish_IsFalse()
    {
        var decoder = GeminiCodec.Instance.NewDecoder();
        decoder.Read(EventLog.Event("""{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}"""), new EventLog());

        Assert.False(decoder.IsWhole);
    }

    [Fact]
    public void Read_BytesInAnyChunks_TellTheSame()
    {
        var stream = Encoding.UTF8.GetBytes(
            "\uFEFFdata: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"über 😀\"}]}}]}\r\n\r\n: x\r\n\r\ndata: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\r\n\r\n");
        for (var size = 1; size < stream.Length; size++)
        {
            using var reader = new SseReader();
            var decoder = GeminiCodec.Instance.NewDecoder();
            var log = new EventLog();
            foreach (var piece in stream.Chunk(size))
            {
                piece.CopyTo(reader.GetMemory(piece.Length));
                reader.Advance(piece.Length);
                while (reader.TryRead(out var ev))
                {
                    Assert.Equal(DecodeStep.Continue, decoder.Read(ev, log));
                }
            }

            decoder.Complete(log);
            Assert.Equal("start   0 | 0:0 Text | 0+über 😀 | 0. | 0 Stop", log.Text);
        }
    }

    private static string Read(params string[] chunks) => EventLog.Of(GeminiCodec.Instance.NewDecoder(), chunks);
}
