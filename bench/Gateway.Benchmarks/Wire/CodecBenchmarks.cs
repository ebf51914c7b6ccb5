using System.Buffers;
using AIHigress.Wire;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;
using BenchmarkDotNet.Attributes;

namespace AIHigress.Gateway.Benchmarks.Wire;

/// <summary>What reading and writing one request costs in each protocol: ten turns with tools, calls and results.</summary>
[MemoryDiagnoser]
public class CodecRequestBenchmarks
{
    private static readonly RequestTarget Target = new("upstream-model", Stream: true);

    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private ProtocolCodec? _codec;
    private ModelRequest _request = CodecSamples.Request;
    private byte[] _body = [];

    [ParamsSource(nameof(Protocols))]
    public WireProtocol Protocol { get; set; }

    public static IEnumerable<WireProtocol> Protocols => CodecSamples.Codecs.Select(c => c.Protocol);

    [GlobalSetup]
    public void Setup()
    {
        _codec = CodecSamples.Of(Protocol);
        _codec!.WriteRequest(CodecSamples.Request, Target, _output);
        _body = _output.WrittenSpan.ToArray();
        _request = _codec!.ReadRequest(_body);
        Console.WriteLine($"// {Protocol}: a request of {_body.Length} bytes");
    }

    [Benchmark]
    public ModelRequest Read() => _codec!.ReadRequest(_body);

    [Benchmark]
    public int Write()
    {
        _output.ResetWrittenCount();
        _codec!.WriteRequest(_request, Target, _output);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int FindFields() => _codec!.Fields.Find(_body).Rules.Count;
}

/// <summary>What one event of a stream costs on its way from an upstream of one protocol to a client of another: cut, decoded, encoded.</summary>
[MemoryDiagnoser]
public class CodecStreamBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(256 * 1024);
    private ProtocolCodec? _from;
    private ProtocolCodec? _to;
    private byte[] _stream = [];

    [ParamsSource(nameof(Pairs))]
    public (WireProtocol Upstream, WireProtocol Client) Pair { get; set; }

    public static IEnumerable<(WireProtocol Upstream, WireProtocol Client)> Pairs =>
        from upstream in CodecSamples.Codecs
        from client in CodecSamples.Codecs
        select (upstream.Protocol, client.Protocol);

    [GlobalSetup]
    public void Setup()
    {
        (_from, _to) = (CodecSamples.Of(Pair.Upstream), CodecSamples.Of(Pair.Client));
        var encoder = _from!.NewEncoder(CodecSamples.Context);
        encoder.Output = _output;
        CodecSamples.Answer(encoder);
        encoder.WriteEnd();
        _stream = _output.WrittenSpan.ToArray();
        Console.WriteLine($"// {Pair.Upstream} to {Pair.Client}: {_stream.Length} bytes in, {Translate()} out");
    }

    [Benchmark(OperationsPerInvoke = CodecSamples.Deltas)]
    public int Translate()
    {
        _output.ResetWrittenCount();
        var decoder = _from!.NewDecoder();
        var encoder = _to!.NewEncoder(CodecSamples.Context);
        encoder.Output = _output;
        using var reader = new SseReader(initialBytes: _stream.Length);
        _stream.CopyTo(reader.GetMemory(_stream.Length));
        reader.Advance(_stream.Length);
        while (reader.TryRead(out var ev) && decoder.Read(ev, encoder) == DecodeStep.Continue)
        {
        }

        decoder.Complete(encoder);
        encoder.WriteEnd();
        return _output.WrittenCount;
    }
}
