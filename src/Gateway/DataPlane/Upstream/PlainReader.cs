using System.Text;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>Reads a whole answer: checks that it is one, takes usage and text out of it, and knows how to write it in the client's protocol if that is another.</summary>
internal static class PlainReader
{
    /// <param name="call">What the client asked.</param>
    /// <param name="adapter">The upstream's kind.</param>
    /// <param name="context">For a client of another protocol; null when the bytes pass.</param>
    /// <param name="body">The answer; kept or disposed here.</param>
    /// <param name="headers">The upstream's headers.</param>
    public static PlainRead Read(InboundCall call, UpstreamAdapter adapter, AnswerContext? context, PooledBody body, UpstreamHeaders headers)
    {
        if (call.Endpoint.Operation == Operation.Embeddings)
        {
            return ReadEmbeddings(body, headers);
        }

        if (context is null && call.Protocol == WireProtocol.Chat)
        {
            return ReadChat(body, headers);
        }

        var read = adapter.Codec.ReadAnswer(body.Memory);
        if (read.Answer is not { } answer)
        {
            body.Dispose();
            return new PlainRead(null, read.Error);
        }

        var text = TextOf(answer);
        if (context is null)
        {
            return new PlainRead(new PlainAnswer(body, answer.Usage, text, headers) { Seals = SealsOf(answer) }, null);
        }

        return new PlainRead(
            new PlainAnswer(body, answer.Usage, text, headers)
            {
                Seals = SealsOf(answer),
                Convert = (counted, output) => Codecs.Of(call.Protocol).WriteAnswer(answer with { Usage = answer.Usage ?? counted }, context, output),
            },
            null);
    }

    private static PlainRead ReadChat(PooledBody body, UpstreamHeaders headers)
    {
        var text = new PooledBuffer();
        var answer = ChatCompletionReader.Read(body.Memory.Span, text);
        if (!answer.IsMalformed && !answer.IsError && !answer.IsEmpty)
        {
            return new PlainRead(new PlainAnswer(body, answer.Usage, text, headers), null);
        }

        var info = answer.IsError ? OpenAIError.Read(body.Memory.Span) : null;
        var error = answer.IsError ? new AnswerError(answer.ErrorStatus, info?.Message) { Param = info?.Param } : null;
        body.Dispose();
        text.Dispose();
        return new PlainRead(null, error);
    }

    // Vectors, not text: usage is all there is to read.
    private static PlainRead ReadEmbeddings(PooledBody body, UpstreamHeaders headers)
    {
        var read = EmbeddingsReader.Read(body.Memory.Span);
        if (read.IsAnswer)
        {
            return new PlainRead(new PlainAnswer(body, read.Usage, new PooledBuffer(), headers), null);
        }

        var info = OpenAIError.Read(body.Memory.Span);
        body.Dispose();
        return new PlainRead(null, info is null ? null : new AnswerError(null, info.Message) { Param = info.Param });
    }

    private static IReadOnlyList<Seal> SealsOf(ModelAnswer answer) =>
        [.. answer.Choices.SelectMany(c => c.Parts).Select(p => p is ReasoningPart r ? r.Seal : p is ToolCallPart t ? t.Seal : null).OfType<Seal>()];

    private static PooledBuffer TextOf(ModelAnswer answer)
    {
        var buffer = new PooledBuffer();
        foreach (var part in answer.Choices.SelectMany(c => c.Parts))
        {
            var text = part switch
            {
                TextPart p => p.Text,
                RefusalPart p => p.Text,
                ReasoningPart p => p.Text,
                ToolCallPart p => p.Name + p.Arguments,
                _ => "",
            };
            Encoding.UTF8.GetBytes(text.AsSpan(), buffer);
        }

        return buffer;
    }
}

/// <summary>A checked answer, the error inside a 200, or (both null) something that is not this protocol.</summary>
internal readonly record struct PlainRead(PlainAnswer? Answer, AnswerError? Error);
