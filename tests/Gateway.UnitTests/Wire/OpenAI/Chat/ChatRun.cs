using System.Buffers;
using System.Text;
using AIHigress.Wire.OpenAI.Chat;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.OpenAI.Chat;

/// <summary>Runs the codec on texts.</summary>
internal static class ChatRun
{
    public const string Seed = "0123456789abcdef0123456789abcdef";

    public static ModelRequest Read(string body) => ChatCodec.Instance.ReadRequest(Encoding.UTF8.GetBytes(body));

    public static string Write(ModelRequest request, string model = "m", bool stream = false, string? provider = null)
    {
        var output = new ArrayBufferWriter<byte>();
        ChatCodec.Instance.WriteRequest(request, new RequestTarget(model, stream) { Provider = provider }, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static ModelRequest Asked(string messages) => Read($$"""{"model":"m","messages":[{{messages}}]}""");

    public static AnswerContext Context(bool includeUsage = false, params ToolDefinition[] tools) => new()
    {
        Request = new ModelRequest { Model = "asked", Tools = tools },
        Seed = Seed,
        Now = 1_700_000_000,
        IncludeUsage = includeUsage,
        Provider = "p1",
    };

    /// <summary>Reads a stream, cut into pieces of the given size, through the event reader; ends it with Complete when it is whole.</summary>
    public static (SinkLog Log, StreamDecoder Decoder, DecodeStep Last) Stream(byte[] bytes, int size = int.MaxValue)
    {
        using var reader = new SseReader();
        var decoder = ChatCodec.Instance.NewDecoder();
        var log = new SinkLog();
        var last = DecodeStep.Continue;
        for (var at = 0; at < bytes.Length && last == DecodeStep.Continue;)
        {
            var piece = bytes.AsSpan(at, Math.Min(size, bytes.Length - at));
            piece.CopyTo(reader.GetMemory(piece.Length).Span);
            reader.Advance(piece.Length);
            at += piece.Length;
            while (last == DecodeStep.Continue && reader.TryRead(out var ev))
            {
                last = decoder.Read(ev, log);
            }
        }

        if (decoder.IsWhole && decoder.Error is null)
        {
            decoder.Complete(log);
        }

        return (log, decoder, last);
    }

    /// <summary>The same for deltas of choice 0, each in a chunk of its own, then the finish.</summary>
    public static SinkLog Deltas(params string[] deltas)
    {
        var text = string.Concat(deltas.Select(d => Event($$"""{"id":"chatcmpl-1","model":"up","created":5,"choices":[{"index":0,"delta":{{d}},"finish_reason":null}]}""")));
        return Stream(Encoding.UTF8.GetBytes(text + Event("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""") + "data: [DONE]\n\n")).Log;
    }

    public static string Event(string data) => $"data: {data}\n\n";

    public static AnswerRead Answer(string body) => ChatCodec.Instance.ReadAnswer(Encoding.UTF8.GetBytes(body));

    public static string Write(ModelAnswer answer, AnswerContext context)
    {
        var output = new ArrayBufferWriter<byte>();
        ChatCodec.Instance.WriteAnswer(answer, context, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>What an encoder writes for calls of the sink.</summary>
    public static string Encode(AnswerContext context, Action<StreamEncoder> calls)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = ChatCodec.Instance.NewEncoder(context);
        encoder.Output = output;
        calls(encoder);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
