using System.Buffers;
using System.Text;
using AIHigress.Gateway.UnitTests.Wire.Translation.Generators;
using AIHigress.Wire;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation;

/// <summary>The ways through a codec, as a gateway goes them.</summary>
internal static class CodecRun
{
    public const string Provider = "p1";

    public static byte[] WriteRequest(ProtocolCodec codec, ModelRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        codec.WriteRequest(request, new RequestTarget(request.Model, request.Stream) { Provider = Provider }, output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] WriteAnswer(ProtocolCodec codec, ModelAnswer answer, AnswerContext context)
    {
        var output = new ArrayBufferWriter<byte>();
        codec.WriteAnswer(answer, context, output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] WriteStream(ProtocolCodec codec, IReadOnlyList<SinkCall> calls, AnswerContext context)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = codec.NewEncoder(context);
        encoder.Output = output;
        foreach (var call in calls)
        {
            call.Give(encoder);
        }

        encoder.WriteEnd();
        return output.WrittenSpan.ToArray();
    }

    public static byte[] WriteError(ProtocolCodec codec, ClientError error)
    {
        var output = new ArrayBufferWriter<byte>();
        codec.WriteError(error, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a stream in chunks of given sizes (the last for all that follow) up to the decoder's end, and completes the decoder when it is whole.</summary>
    public static StreamRead ReadStream(ProtocolCodec codec, ReadOnlySpan<byte> stream, IAnswerSink sink, params ReadOnlySpan<int> sizes)
    {
        using var reader = new SseReader();
        var decoder = codec.NewDecoder();
        var step = DecodeStep.Continue;
        for (var chunk = 0; !stream.IsEmpty && step == DecodeStep.Continue; chunk++)
        {
            var size = sizes.IsEmpty ? stream.Length : Math.Min(stream.Length, sizes[Math.Min(chunk, sizes.Length - 1)]);
            stream[..size].CopyTo(reader.GetMemory(size).Span);
            reader.Advance(size);
            stream = stream[size..];
            step = Drain(reader, decoder, sink);
        }

        if (step == DecodeStep.Continue)
        {
            reader.Complete();
            step = Drain(reader, decoder, sink);
        }

        if (decoder.IsWhole && step is DecodeStep.Continue or DecodeStep.Done)
        {
            decoder.Complete(sink);
        }

        return new StreamRead(step, decoder.IsWhole, decoder.Error);
    }

    /// <summary>The answer in a whole stream, read in the order that sinks are promised.</summary>
    public static ModelAnswer FoldStream(ProtocolCodec codec, byte[] stream, params ReadOnlySpan<int> sizes)
    {
        var fold = new AnswerFold();
        var sink = new OrderSink(fold);
        var read = ReadStream(codec, stream, sink, sizes);
        Assert.True(read.IsWhole && read.Last is DecodeStep.Continue or DecodeStep.Done, $"{read}\n{Encoding.UTF8.GetString(stream)}");
        Assert.True(sink.IsAtEnd, $"Something is still open:\n{Encoding.UTF8.GetString(stream)}");
        return fold.ToAnswer();
    }

    public static ModelAnswer ReadAnswer(ProtocolCodec codec, byte[] body)
    {
        var read = codec.ReadAnswer(body);
        Assert.True(read.Answer is not null, $"{read.Error}\n{Encoding.UTF8.GetString(body)}");
        return read.Answer;
    }

    /// <summary>For a client that offered the tools which the answer calls.</summary>
    public static AnswerContext ContextOf(ModelAnswer answer)
    {
        var calls = answer.Choices.SelectMany(c => c.Parts).OfType<ToolCallPart>().DistinctBy(c => c.Name);
        return new AnswerContext
        {
            Request = new ModelRequest
            {
                Model = "m",
                Messages = [new Message(Role.User, [new TextPart("x")])],
                Tools = [.. calls.Select(c => c.Name.StartsWith(PartGen.CustomPrefix, StringComparison.Ordinal) ? new CustomTool(c.Name) : (ToolDefinition)new FunctionTool(c.Name))],
            },
            IncludeUsage = true,
            Now = 1_770_000_000,
            Seed = "0123456789abcdef0123456789abcdef",
            Provider = Provider,
        };
    }

    private static DecodeStep Drain(SseReader reader, StreamDecoder decoder, IAnswerSink sink)
    {
        while (reader.TryRead(out var ev))
        {
            if (decoder.Read(ev, sink) is var step and not DecodeStep.Continue)
            {
                return step;
            }
        }

        return DecodeStep.Continue;
    }
}

internal sealed record StreamRead(DecodeStep Last, bool IsWhole, AnswerError? Error);
