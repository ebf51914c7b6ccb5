using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>Reads a whole answer: the decoder of streams sees it as one long chunk, so that both mean the same.</summary>
internal static class ChatAnswerReader
{
    public static AnswerRead Read(ReadOnlyMemory<byte> body)
    {
        var decoder = new ChatDecoder();
        var fold = new AnswerFold();
        switch (decoder.Read(body.Span, isWhole: true, fold))
        {
            case DecodeStep.Error:
                return new AnswerRead(null, decoder.Error);
            case DecodeStep.Malformed:
                return default;
            default:
                decoder.Complete(fold);
                return new AnswerRead(fold.ToAnswer(), null);
        }
    }
}
