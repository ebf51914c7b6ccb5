using System.Buffers;
using AIHigress.Wire.Gemini.Answers;
using AIHigress.Wire.Gemini.Requests;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Losses;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini;

/// <summary>Google Gemini's generateContent and streamGenerateContent. https://ai.google.dev/api/generate-content</summary>
public sealed class GeminiCodec : ProtocolCodec
{
    public static readonly GeminiCodec Instance = new();

    private GeminiCodec()
    {
    }

    public override WireProtocol Protocol => WireProtocol.Gemini;

    public override FieldTable Fields { get; } = new(WireProtocol.Gemini, GeminiFieldRules.All);

    /// <summary>Model and stream stand in the address: the request has neither.</summary>
    public override ModelRequest ReadRequest(ReadOnlyMemory<byte> body) => GeminiRequestReader.Read(body);

    public override void WriteRequest(ModelRequest request, RequestTarget target, IBufferWriter<byte> output) =>
        GeminiRequestWriter.Write(request, target, output);

    public override AnswerRead ReadAnswer(ReadOnlyMemory<byte> body)
    {
        // A whole answer is a stream of one chunk.
        var decoder = new GeminiStreamDecoder();
        var fold = new AnswerFold();
        if (decoder.Read(body.Span, fold) is DecodeStep.Malformed or DecodeStep.Error || !decoder.HasAnswer)
        {
            return new AnswerRead(null, decoder.Error);
        }

        decoder.Complete(fold);
        return new AnswerRead(fold.ToAnswer(), null);
    }

    public override void WriteAnswer(ModelAnswer answer, AnswerContext context, IBufferWriter<byte> output) =>
        GeminiAnswerWriter.Write(answer, context, output);

    public override StreamDecoder NewDecoder() => new GeminiStreamDecoder();

    /// <summary>The stream of <c>alt=sse</c>.</summary>
    public override StreamEncoder NewEncoder(AnswerContext context) => new GeminiStreamEncoder(context, asArray: false);

    /// <summary>The stream without <c>alt=sse</c>: one JSON array whose elements come one by one.</summary>
    public StreamEncoder NewArrayEncoder(AnswerContext context) => new GeminiStreamEncoder(context, asArray: true);

    public override AnswerError? ReadError(ReadOnlySpan<byte> body) => GeminiErrors.Read(body);

    public override void WriteError(ClientError error, IBufferWriter<byte> output) => GeminiErrors.Write(error, output);
}
