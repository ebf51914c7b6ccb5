using System.Buffers;
using System.Runtime.InteropServices;

namespace AIHigress.Wire.OpenAI;

/// <summary>What a whole Chat answer is.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChatCompletion
{
    /// <summary>Not a JSON object, or one with neither choices nor an error.</summary>
    public bool IsMalformed { get; init; }

    /// <summary>The upstream reports an error: an <c>error</c> member (object or non-empty string), or <c>object</c> is <c>error</c>.</summary>
    public bool IsError { get; init; }

    /// <summary>An HTTP status (400 to 599) that the error names as its code or status, else null.</summary>
    public int? ErrorStatus { get; init; }

    /// <summary>Some choice carries non-empty content, refusal, reasoning, audio, images or calls.</summary>
    public bool HasContent { get; init; }

    /// <summary>Some choice carries a finish reason.</summary>
    public bool HasFinish { get; init; }

    /// <summary><c>choices</c> is a non-empty array.</summary>
    public bool HasChoices { get; init; }

    /// <summary>No choices at all: the member is missing or an empty array.</summary>
    public bool IsEmpty => !HasChoices;

    /// <summary>Usage, when the answer reports a count.</summary>
    public TokenUsage? Usage { get; init; }
}

/// <summary>Reads a whole Chat answer: one pass, no allocation.</summary>
public static class ChatCompletionReader
{
    /// <summary>Reads a whole answer's body. Never throws on bad input; text is appended as in <see cref="ChatChunkReader.Read"/>.</summary>
    public static ChatCompletion Read(ReadOnlySpan<byte> body, IBufferWriter<byte>? text)
    {
        var pass = new ChatAnswerPass(body, text);
        return !pass.TryRead() || !(pass.ChoicesPresent || pass.IsError)
            ? new ChatCompletion { IsMalformed = true }
            : new ChatCompletion
            {
                IsError = pass.IsError,
                ErrorStatus = pass.ErrorStatus,
                HasContent = pass.HasContent,
                HasFinish = pass.HasFinish,
                HasChoices = pass.HasChoices,
                Usage = pass.Usage,
            };
    }
}
