using System.Text;
using AIHigress.Wire.OpenAI;
using BenchmarkDotNet.Attributes;

namespace AIHigress.Gateway.Benchmarks.Wire;

/// <summary>What reading and splicing one Chat request costs, for a short question and for a long prompt with line ends and escapes.</summary>
[MemoryDiagnoser]
public class ChatRequestBenchmarks
{
    private byte[] _body = [];
    private byte[] _destination = [];
    private ChatRequestHead? _head;

    [Params(1, 300)]
    public int Kilobytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        const string line = "The quick brown fox jumps over the lazy dog, \\\"again\\\"; naïve café, 你好.\\n";
        var message = string.Concat(Enumerable.Repeat(line, Math.Max(1, ((Kilobytes * 1024) - 250) / Encoding.UTF8.GetByteCount(line))));
        _body = Encoding.UTF8.GetBytes(
            $$"""{"model":"fast","messages":[{"role":"system","content":"You are brief."},{"role":"user","content":"{{message}}"}],"temperature":0.7,"max_tokens":256,"stream":true,"user":"u-1"}""");
        _head = ChatRequestScanner.Scan(_body);
        _destination = new byte[_body.Length + 256];
    }

    [Benchmark]
    public ChatRequestHead Scan() => ChatRequestScanner.Scan(_body);

    [Benchmark]
    public int Splice() => ChatRequestSplicer.Write(_body, _head!, "provider/upstream-model", addIncludeUsage: true, _destination);
}
