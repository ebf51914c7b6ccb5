using System.Buffers;
using System.Text;
using AIHigress.Wire.OpenAI;
using AIHigress.Wire.Sse;
using BenchmarkDotNet.Attributes;

namespace AIHigress.Gateway.Benchmarks.Wire;

/// <summary>What one chunk of a stream costs: cut out of the bytes, and read.</summary>
[MemoryDiagnoser]
public class ChatStreamBenchmarks : IDisposable
{
    private const int EventsPerRead = 8;

    private readonly byte[] _chunk = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-9f2","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}],"usage":null}""");

    private readonly byte[] _usage = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-9f2","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":1200,"completion_tokens":300,"total_tokens":1500,"prompt_tokens_details":{"cached_tokens":1024},"completion_tokens_details":{"reasoning_tokens":64}}}""");

    private readonly ArrayBufferWriter<byte> _text = new(4096);
    private readonly SseReader _reader = new();
    private byte[] _read = [];

    [GlobalSetup]
    public void Setup() =>
        _read = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"data: {Encoding.UTF8.GetString(_chunk)}\n\n", EventsPerRead)));

    [Benchmark]
    public ChatChunk ReadContentChunk()
    {
        _text.ResetWrittenCount();
        return ChatChunkReader.Read(_chunk, _text);
    }

    [Benchmark]
    public ChatChunk ReadUsageChunk() => ChatChunkReader.Read(_usage, null);

    [Benchmark(OperationsPerInvoke = EventsPerRead)]
    public int CutEvents()
    {
        _read.CopyTo(_reader.GetMemory(_read.Length));
        _reader.Advance(_read.Length);
        var bytes = 0;
        while (_reader.TryRead(out var ev))
        {
            bytes += ev.Data.Length;
        }

        return bytes;
    }

    public void Dispose()
    {
        _reader.Dispose();
        GC.SuppressFinalize(this);
    }
}
