using System.Buffers;
using System.Text;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using AIHigress.Wire.Sse;
using CsCheck;

namespace AIHigress.Gateway.UnitTests.Wire;

/// <summary>Whatever the bytes, every codec ends, and says no only in the way it promises.</summary>
public sealed class CodecFuzz
{
    private static readonly string[] Seeds =
    [
        """{"model":"m\u00e9","stream":true,"stream_options":{"include_usage":false},"messages":[{"role":"user","content":[{"type":"text","text":"\ud83d\ude00"},{"type":"image_url","image_url":{"url":"x"}}]}],"tools":[{"a":[1,2]}],"n":2,"max_tokens":1e2,"metadata":{"user_id":"u"}}""",
        """{"id":"c","choices":[{"index":0,"delta":{"content":"a\n","tool_calls":[{"function":{"name":"f","arguments":"{}"}}],"reasoning_details":[{"text":"t"}],"audio":{"transcript":"x"}},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":1}},"error":null}""",
        """{"error":{"message":"m \ud800","type":"t","code":429,"param":null},"detail":[{"msg":"x"}],"message":"y"}""",
        """{"object":"list","data":[{"id":"a"},{"name":"b"}],"models":["c",null]}""",
        "\uFEFFevent: e\r\ndata: {\"a\":1}\r\n\r\n: c\n\ndata: 1\ndata: 2\r\rid: 3\ndata: [DONE]\n\n",
    ];

    private static readonly Gen<byte[]> Mutated =
        from seed in Gen.OneOf(Seeds).Select(Encoding.UTF8.GetBytes)
        from edits in Gen.Select(Gen.Int[0, 3], Gen.Double.Unit, Gen.Int[0, 12], Gen.OneOf(Gen.Byte, Gen.OneOf("{}[]\",:\\u0dn\r\n "u8.ToArray()))).Array[0, 6]
        select edits.Aggregate(seed, Edit);

    private static readonly Gen<byte[]> Bytes = Gen.Frequency(
        (4, Mutated),
        (1, Gen.Byte.Array[0, 80]),
        (1, Gen.OneOf("{}[]\",:\\ud8n0eE+-.t\r\n a"u8.ToArray()).Array[0, 60]),
        (1, JsonGen.Value.Select(Encoding.UTF8.GetBytes)));

    [Fact]
    public void Scan_AnyBytes_ReadsOrRefuses() => Bytes.Sample(
        body =>
        {
            try
            {
                var head = ChatRequestScanner.Scan(body);
                var destination = new byte[ChatRequestSplicer.GetLength(body, head, "other", addIncludeUsage: true)];
                ChatRequestSplicer.Write(body, head, "other", addIncludeUsage: true, destination);
                Assert.Equal("other", ChatRequestScanner.Scan(destination).Model);
            }
            catch (WireFormatException refusal)
            {
                Assert.InRange(refusal.Position ?? 0, 0, body.Length);
            }
        },
        iter: FuzzCases.PerReader,
        threads: 1);

    [Fact]
    public void ReadersOfAnswers_AnyBytes_NeverThrow() => Bytes.Sample(
        body =>
        {
            var text = new ArrayBufferWriter<byte>();
            var chunk = ChatChunkReader.Read(body, text);
            var answer = ChatCompletionReader.Read(body, text);
            Assert.False(chunk.IsMalformed && (chunk.IsMeaningful || chunk.IsError));
            Assert.False(answer.IsMalformed && answer.IsError);
            Assert.True(text.WrittenCount <= 2 * body.Length);
            OpenAIError.Read(body);
            ChatPromptText.Read(body);
        },
        iter: FuzzCases.PerReader,
        threads: 1);

    [Fact]
    public void ModelList_AnyBytes_ReadsOrRefuses() => Bytes.Sample(
        body =>
        {
            try
            {
                Assert.All(ModelListReader.Read(body), id => Assert.NotEmpty(id));
            }
            catch (WireFormatException refusal)
            {
                Assert.NotEqual("", refusal.Message);
            }
        },
        iter: FuzzCases.PerReader / 4,
        threads: 1);

    [Fact]
    public void SseReader_AnyBytes_HandsThemAllOn() => Gen.Select(Bytes, Gen.Int[1, 7]).Sample(
        (stream, size) =>
        {
            using var reader = new SseReader(maxEventBytes: 1024, initialBytes: 16);
            var total = 0;
            for (var at = 0; at < stream.Length; at += size)
            {
                var chunk = stream.AsSpan(at, Math.Min(size, stream.Length - at));
                chunk.CopyTo(reader.GetMemory(chunk.Length).Span);
                reader.Advance(chunk.Length);
                total += Drain(reader);
            }

            reader.Complete();
            total += Drain(reader);
            Assert.InRange(total, stream.Length - 4, stream.Length);
        },
        iter: FuzzCases.PerReader,
        threads: 1);

    private static int Drain(SseReader reader)
    {
        var bytes = 0;
        while (reader.TryRead(out var ev))
        {
            Assert.True(ev.Raw.Length > 0);
            bytes += ev.Raw.Length;
        }

        return bytes;
    }

    private static byte[] Edit(byte[] bytes, (int Kind, double At, int Length, byte Value) edit)
    {
        var at = (int)(edit.At * bytes.Length);
        var length = Math.Min(edit.Length, bytes.Length - at);
        return edit.Kind switch
        {
            0 => [.. bytes[..at], edit.Value, .. bytes[at..]],
            1 => [.. bytes[..at], .. bytes[(at + length)..]],
            2 => [.. bytes[..(at + length)], .. bytes[at..]],
            _ => [.. bytes[..at], edit.Value, .. bytes[Math.Min(at + 1, bytes.Length)..]],
        };
    }
}
