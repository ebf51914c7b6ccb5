using System.Buffers;
using System.Text;
using AIHigress.Wire.Anthropic;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Anthropic;

/// <summary>The codec, text in and text out.</summary>
internal static class Run
{
    public static readonly AnswerContext Context = new()
    {
        Request = new ModelRequest { Model = "fast" },
        Seed = "0123456789abcdef0123456789abcdef",
        Provider = "acme",
    };

    public static ModelRequest Read(string body) => MessagesCodec.Instance.ReadRequest(Encoding.UTF8.GetBytes(body));

    public static string Write(ModelRequest request, RequestTarget? target = null) =>
        Text(output => MessagesCodec.Instance.WriteRequest(request, target ?? new RequestTarget("claude", Stream: false), output));

    public static string Text(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>One event of a stream, as the API sends it.</summary>
    public static string Event(string data) => $"data: {data}\n\n";

    /// <summary>Reads a stream given in pieces of <paramref name="size"/> bytes.</summary>
    public static (DecodeStep Last, AnswerFold Fold, StreamDecoder Decoder) Stream(string stream, IAnswerSink? sink = null, int size = int.MaxValue)
    {
        var fold = new AnswerFold();
        var decoder = MessagesCodec.Instance.NewDecoder();
        var last = DecodeStep.Continue;
        using var reader = new SseReader();
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var at = 0; at < bytes.Length && last == DecodeStep.Continue; at += Math.Min(size, bytes.Length - at))
        {
            var piece = bytes.AsSpan(at, Math.Min(size, bytes.Length - at));
            piece.CopyTo(reader.GetMemory(piece.Length).Span);
            reader.Advance(piece.Length);
            while (last == DecodeStep.Continue && reader.TryRead(out var ev))
            {
                last = decoder.Read(ev, sink ?? fold);
            }
        }

        if (decoder.IsWhole && last is not (DecodeStep.Error or DecodeStep.Malformed))
        {
            decoder.Complete(sink ?? fold);
        }

        return (last, fold, decoder);
    }

    public static (StreamEncoder Encoder, ArrayBufferWriter<byte> Output) NewEncoder(AnswerContext? context = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = MessagesCodec.Instance.NewEncoder(context ?? Context);
        encoder.Output = output;
        return (encoder, output);
    }

    public static string Taken(ArrayBufferWriter<byte> output)
    {
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        output.ResetWrittenCount();
        return text;
    }
}
