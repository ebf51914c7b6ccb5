using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI.Responses;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Responses;

/// <summary>Runs the codec on texts.</summary>
internal static class Wiretap
{
    public const string Seed = "0123456789abcdef0123456789abcdef";

    public static AnswerContext Context(params ToolDefinition[] tools) => new()
    {
        Request = new ModelRequest { Model = "logical", Tools = tools },
        Seed = Seed,
        Now = 1_700_000_000,
        Provider = "acme",
    };

    public static ModelRequest Read(string body) => ResponsesCodec.Instance.ReadRequest(Encoding.UTF8.GetBytes(body));

    public static string Write(ModelRequest request, bool stream = false, string? provider = null)
    {
        var output = new ArrayBufferWriter<byte>();
        ResponsesCodec.Instance.WriteRequest(request, new RequestTarget("up", stream) { Provider = provider }, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The data of each event, as a stream with chunks of this size.</summary>
    public static Tape Decode(IEnumerable<string> events, int chunk = int.MaxValue, string lineEnd = "\n") =>
        DecodeStream(string.Concat(events.Select(e => $"data: {e}{lineEnd}{lineEnd}")), chunk);

    public static Tape DecodeStream(string stream, int chunk = int.MaxValue)
    {
        var tape = new Tape();
        var decoder = ResponsesCodec.Instance.NewDecoder();
        using var reader = new SseReader();
        var bytes = Encoding.UTF8.GetBytes(stream).AsSpan();
        var step = DecodeStep.Continue;
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(chunk, bytes.Length)];
            piece.CopyTo(reader.GetMemory(piece.Length).Span);
            reader.Advance(piece.Length);
            bytes = bytes[piece.Length..];
            while (step == DecodeStep.Continue && reader.TryRead(out var ev))
            {
                step = decoder.Read(ev, tape);
            }
        }

        if (step is DecodeStep.Continue or DecodeStep.Done && decoder.IsWhole)
        {
            decoder.Complete(tape);
        }

        tape.Step = step;
        tape.Error = decoder.Error;
        tape.IsWhole = decoder.IsWhole;
        return tape;
    }

    /// <summary>What an encoder writes for these calls.</summary>
    public static string Encode(AnswerContext context, Action<StreamEncoder> calls)
    {
        var encoder = ResponsesCodec.Instance.NewEncoder(context);
        var output = new ArrayBufferWriter<byte>();
        encoder.Output = output;
        calls(encoder);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static List<JsonElement> Events(string stream) =>
        [.. stream.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => JsonDocument.Parse(l[6..]).RootElement.Clone())];

    public static IEnumerable<string> Types(string stream) => Events(stream).Select(e => e.GetProperty("type").GetString()!["response.".Length..]);

    public static JsonElement WriteAnswer(ModelAnswer answer, AnswerContext context)
    {
        var output = new ArrayBufferWriter<byte>();
        ResponsesCodec.Instance.WriteAnswer(answer, context, output);
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }

    public static ReadOnlySpan<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

/// <summary>Notes each call.</summary>
internal sealed class Tape : IAnswerSink
{
    public AnswerFold Fold { get; } = new();

    public List<string> Calls { get; } = [];

    public DecodeStep Step { get; set; }

    public AnswerError? Error { get; set; }

    public bool IsWhole { get; set; }

    public ModelAnswer Answer => Fold.ToAnswer();

    public void Start(in AnswerStart start)
    {
        Calls.Add($"start {start.Id} {start.Model} {start.Created}");
        Fold.Start(start);
    }

    public void PartStart(in PartStart part)
    {
        Calls.Add($"part {part.Part} {part.Kind} {part.Id} {part.Name}".TrimEnd());
        Fold.PartStart(part);
    }

    public void Delta(int part, ReadOnlySpan<byte> text)
    {
        Calls.Add($"delta {part} {Encoding.UTF8.GetString(text)}");
        Fold.Delta(part, text);
    }

    public void Seal(int part, Seal seal)
    {
        Calls.Add($"seal {part} {seal.Maker} {seal.Value}");
        Fold.Seal(part, seal);
    }

    public void PartEnd(int part)
    {
        Calls.Add($"end {part}");
        Fold.PartEnd(part);
    }

    public void Usage(in TokenUsage usage)
    {
        Calls.Add("usage");
        Fold.Usage(usage);
    }

    public void Finish(in AnswerFinish finish)
    {
        Calls.Add($"finish {finish.Reason}");
        Fold.Finish(finish);
    }

    public void Ping() => Calls.Add("ping");
}
