using System.Buffers;
using AIHigress.Wire.OpenAI.Chat.Answers;
using AIHigress.Wire.OpenAI.Chat.Fields;
using AIHigress.Wire.OpenAI.Chat.Requests;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Losses;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat;

/// <summary>OpenAI Chat Completions (https://platform.openai.com/docs/api-reference/chat) and what compatible servers make of it.</summary>
public sealed class ChatCodec : ProtocolCodec
{
    public static readonly ChatCodec Instance = new();

    private ChatCodec()
    {
    }

    public override WireProtocol Protocol => WireProtocol.Chat;

    public override FieldTable Fields => ChatFields.Table;

    public override ModelRequest ReadRequest(ReadOnlyMemory<byte> body) => ChatRequestReader.Read(body);

    public override void WriteRequest(ModelRequest request, RequestTarget target, IBufferWriter<byte> output) =>
        ChatRequestWriter.Write(request, target, output);

    public override AnswerRead ReadAnswer(ReadOnlyMemory<byte> body) => ChatAnswerReader.Read(body);

    public override void WriteAnswer(ModelAnswer answer, AnswerContext context, IBufferWriter<byte> output) =>
        ChatAnswerWriter.Write(answer, context, output);

    public override StreamDecoder NewDecoder() => new ChatDecoder();

    public override StreamEncoder NewEncoder(AnswerContext context) => new ChatEncoder(context);

    public override AnswerError? ReadError(ReadOnlySpan<byte> body) => ChatErrors.Read(body);

    public override void WriteError(ClientError error, IBufferWriter<byte> output) => ChatErrors.Write(error, output);
}
