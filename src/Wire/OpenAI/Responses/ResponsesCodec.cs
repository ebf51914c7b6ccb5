using System.Buffers;
using AIHigress.Wire.OpenAI.Responses.Answers;
using AIHigress.Wire.OpenAI.Responses.Requests;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Losses;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses;

/// <summary>OpenAI's Responses API.</summary>
public sealed class ResponsesCodec : ProtocolCodec
{
    public static readonly ResponsesCodec Instance = new();

    public override WireProtocol Protocol => WireProtocol.Responses;

    public override FieldTable Fields { get; } = new(WireProtocol.Responses, ResponsesFields.Rules);

    public override ModelRequest ReadRequest(ReadOnlyMemory<byte> body) => ResponsesRequestReader.Read(body);

    public override void WriteRequest(ModelRequest request, RequestTarget target, IBufferWriter<byte> output) =>
        ResponsesRequestWriter.Write(request, target, output);

    public override AnswerRead ReadAnswer(ReadOnlyMemory<byte> body) => ResponsesAnswerReader.Read(body);

    public override void WriteAnswer(ModelAnswer answer, AnswerContext context, IBufferWriter<byte> output) =>
        ResponsesAnswerWriter.Write(answer, context, output);

    public override StreamDecoder NewDecoder() => new ResponsesStreamDecoder();

    public override StreamEncoder NewEncoder(AnswerContext context) => new ResponsesStreamEncoder(context);

    public override AnswerError? ReadError(ReadOnlySpan<byte> body) => ResponsesErrors.Read(body);

    public override void WriteError(ClientError error, IBufferWriter<byte> output) => ResponsesErrors.Write(error, output);
}
