using System.Buffers;
using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI;

public sealed class ChatChunkReaderTests
{
    [Theory]
    [InlineData("""{"content":"hi"}""", "hi")]
    [InlineData("""{"role":"assistant","content":"a\n\"\u00e9\ud83d\ude00"}""", "a\n\"é😀")]
    [InlineData("""{"refusal":"no"}""", "no")]
    [InlineData("""{"reasoning":"hm"}""", "hm")]
    [InlineData("""{"reasoning_content":"hm"}""", "hm")]
    [InlineData("""{"reasoning":"hm","reasoning_content":"hm"}""", "hm")]
    [InlineData("""{"content":"","reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm"}]}""", "hm")]
    [InlineData("""{"reasoning_details":[{"type":"reasoning.encrypted","data":"xyz"}]}""", "")]
    [InlineData("""{"reasoning_details":[{"summary":"s"}]}""", "")]
    [InlineData("""{"audio":{"data":"AAAA"}}""", "")]
    [InlineData("""{"audio":{"id":"a1","transcript":"said"}}""", "said")]
    [InlineData("""{"tool_calls":[{"index":0,"id":"c","function":{"name":"get","arguments":"{\"x\""}}]}""", "get{\"x\"")]
    [InlineData("""{"tool_calls":[{"index":0,"custom":{"name":"c","input":"raw"}}]}""", "craw")]
    [InlineData("""{"tool_calls":[{}]}""", "")]
    [InlineData("""{"function_call":{"name":"f","arguments":"{}"}}""", "f{}")]
    [InlineData("""{"content":[{"type":"text","text":"part"}]}""", "part")]
    [InlineData("""{"images":[{"image_url":{"url":"data:"}}]}""", "")]
    [InlineData("""{"c\u006fntent":"x"}""", "x")]
    [InlineData("""{"content":"half \ud83d"}""", "half \uFFFD")]
    public void Read_DeltaWithSomethingToSee_HasContent(string delta, string text)
    {
        var chunk = Read($$$"""{"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":null}]}""", out var generated);

        Assert.True(chunk.HasContent);
        Assert.True(chunk.IsMeaningful);
        Assert.True(chunk.HasChoices);
        Assert.False(chunk.HasFinish || chunk.IsError || chunk.IsMalformed || chunk.IsDone);
        Assert.Null(chunk.Usage);
        Assert.Equal(text, generated);
    }

    [Theory]
    [InlineData("""{"role":"assistant"}""")]
    [InlineData("""{"role":"assistant","content":""}""")]
    [InlineData("""{"content":null,"refusal":null,"tool_calls":null,"function_call":null,"audio":null}""")]
    [InlineData("""{"tool_calls":[],"content":[],"images":[],"reasoning_details":[]}""")]
    [InlineData("""{"audio":{"id":"a1","data":""}}""")]
    [InlineData("""{"reasoning":"","reasoning_content":"","reasoning_details":[{"text":""}]}""")]
    [InlineData("""{"unknown":"text"}""")]
    [InlineData("null")]
    [InlineData("7")]
    public void Read_DeltaWithNothingToSee_IsNotMeaningful(string delta)
    {
        var chunk = Read($$$"""{"choices":[{"index":0,"delta":{{{delta}}},"finish_reason":null}]}""", out var generated);

        Assert.False(chunk.HasContent);
        Assert.False(chunk.IsMeaningful);
        Assert.True(chunk.HasChoices);
        Assert.False(chunk.IsMalformed);
        Assert.Equal("", generated);
    }

    [Theory]
    [InlineData("\"stop\"", true)]
    [InlineData("null", false)]
    [InlineData("\"\"", false)]
    public void Read_FinishReason_IsMeaningfulWithoutContent(string reason, bool expected)
    {
        var chunk = Read($$$"""{"choices":[{"delta":{},"finish_reason":{{{reason}}}}]}""", out _);

        Assert.Equal(expected, chunk.HasFinish);
        Assert.Equal(expected, chunk.IsMeaningful);
        Assert.False(chunk.HasContent);
    }

    [Fact]
    public void Read_SeveralChoices_TakesAll()
    {
        var chunk = Read("""{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"},"finish_reason":"stop"},null]}""", out var generated);

        Assert.True(chunk is { HasContent: true, HasFinish: true });
        Assert.Equal("ab", generated);
    }

    [Fact]
    public void Read_TextOfTheOlderCompletions_IsContent()
    {
        Assert.True(Read("""{"object":"text_completion","choices":[{"text":"x","index":0}]}""", out var generated).HasContent);
        Assert.Equal("x", generated);
    }

    [Theory]
    [InlineData("[DONE]", true)]
    [InlineData(" [DONE]\r", true)]
    [InlineData("[done]", false)]
    [InlineData("[DONE] x", false)]
    public void Read_EndMark_IsDone(string data, bool expected)
    {
        var chunk = Read(data, out _);

        Assert.Equal(expected, chunk.IsDone);
        Assert.Equal(!expected, chunk.IsMalformed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("hello")]
    [InlineData("null")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}]""")]
    [InlineData("""{"choices":[]} x""")]
    [InlineData("<html>")]
    public void Read_NotAnObject_IsMalformed(string data)
    {
        var chunk = Read(data, out _);

        Assert.True(chunk.IsMalformed);
        Assert.False(chunk.IsMeaningful || chunk.IsDone || chunk.IsError);
    }

    [Theory]
    [InlineData("""{"error":{"message":"m"}}""", null)]
    [InlineData("""{"error":{}}""", null)]
    [InlineData("""{"error":"text"}""", null)]
    [InlineData("""{"error":{"code":429}}""", 429)]
    [InlineData("""{"error":{"code":"503"}}""", 503)]
    [InlineData("""{"error":{"code":"rate_limited","status":429}}""", 429)]
    [InlineData("""{"error":{"code":1301,"status_code":400}}""", 400)]
    [InlineData("""{"error":{"code":200}}""", null)]
    [InlineData("""{"error":{"metadata":{"code":500},"code":502.5}}""", null)]
    [InlineData("""{"object":"error","message":"m","code":400}""", 400)]
    [InlineData("""{"status":500,"error":"text"}""", 500)]
    [InlineData("""{"choices":[{"delta":{"content":"x"}}],"error":{"code":500}}""", 500)]
    public void Read_Error_IsSeenWithItsStatus(string data, int? status)
    {
        var chunk = Read(data, out _);

        Assert.True(chunk.IsError);
        Assert.Equal(status, chunk.ErrorStatus);
        Assert.False(chunk.IsMalformed);
    }

    [Theory]
    [InlineData("""{"error":null,"choices":[]}""")]
    [InlineData("""{"error":"","code":500}""")]
    [InlineData("""{"error":false}""")]
    [InlineData("""{"x":{"error":{"code":500}}}""")]
    public void Read_NoError_IsNone(string data)
    {
        var chunk = Read(data, out _);

        Assert.False(chunk.IsError);
        Assert.Null(chunk.ErrorStatus);
    }

    [Fact]
    public void Read_UsageChunk_GivesUsageWithoutChoices()
    {
        var chunk = Read("""{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""", out _);

        Assert.False(chunk.HasChoices);
        Assert.False(chunk.IsMeaningful);
        Assert.Equal(new TokenUsage(10, 0, 0, 5, 0), chunk.Usage);
    }

    [Fact]
    public void Read_UsageBesideChoices_GivesBoth()
    {
        var chunk = Read("""{"usage":{"prompt_tokens":1,"completion_tokens":2},"choices":[{"delta":{"content":"x"}}]}""", out _);

        Assert.True(chunk.HasContent);
        Assert.Equal(new TokenUsage(1, 0, 0, 2, 0), chunk.Usage);
    }

    [Fact]
    public void Read_UsageInsideAChoice_IsTaken() =>
        Assert.Equal(
            new TokenUsage(3, 0, 0, 4, 0),
            Read("""{"choices":[{"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":3,"completion_tokens":4}}],"usage":null}""", out _).Usage);

    [Fact]
    public void Read_Chunk_AllocatesNothing()
    {
        var data = """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"a\u00e9","tool_calls":[{"function":{"arguments":"\"x"}}]}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"""u8.ToArray();
        var text = new ArrayBufferWriter<byte>(64 * 1024);
        ChatChunkReader.Read(data, text);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            ChatChunkReader.Read(data, text);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1001 * 5, text.WrittenCount);
    }

    private static ChatChunk Read(string data, out string generated)
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        var text = new ArrayBufferWriter<byte>();
        var chunk = ChatChunkReader.Read(bytes, text);
        generated = Encoding.UTF8.GetString(text.WrittenSpan);

        Assert.Equal(chunk, ChatChunkReader.Read(bytes, null));
        return chunk;
    }
}
