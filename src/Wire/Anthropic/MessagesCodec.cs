using System.Buffers;
using AIHigress.Wire.Anthropic.Answers;
using AIHigress.Wire.Anthropic.Fields;
using AIHigress.Wire.Anthropic.Requests;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Losses;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic;

/// <summary>Anthropic Messages around the intermediate form.</summary>
public sealed class MessagesCodec : ProtocolCodec
{
    public static readonly MessagesCodec Instance = new();

    private MessagesCodec()
    {
    }

    public override WireProtocol Protocol => WireProtocol.Messages;

    public override FieldTable Fields => MessagesFields.Table;

    public override ModelRequest ReadRequest(ReadOnlyMemory<byte> body) => RequestReader.Read(body, needsMaxTokens: true);

    /// <summary>Reads the body of <c>POST /v1/messages/count_tokens</c>: the same form without <c>max_tokens</c>.</summary>
    public static ModelRequest ReadCountRequest(ReadOnlyMemory<byte> body) => RequestReader.Read(body, needsMaxTokens: false);

    public override void WriteRequest(ModelRequest request, RequestTarget target, IBufferWriter<byte> output) =>
        RequestWriter.Write(request, target, output);

    public override AnswerRead ReadAnswer(ReadOnlyMemory<byte> body) => AnswerReader.Read(body);

    public override void WriteAnswer(ModelAnswer answer, AnswerContext context, IBufferWriter<byte> output) =>
        AnswerWriter.Write(answer, context, output);

    public override StreamDecoder NewDecoder() => new MessagesDecoder();

    public override StreamEncoder NewEncoder(AnswerContext context) => new MessagesEncoder(context);

    public override AnswerError? ReadError(ReadOnlySpan<byte> body) => MessagesError.Read(body);

    public override void WriteError(ClientError error, IBufferWriter<byte> output) => MessagesError.Write(error, output);
}
